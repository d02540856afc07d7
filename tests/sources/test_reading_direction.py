"""Arabic and Hebrew from right to left, in whatever order they are drawn; columns of vertical writing from the top."""

from __future__ import annotations

import numpy as np
import pikepdf
import pytest
from drawing import changed, pdf_bytes, text_at
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from test_pdf_text_layer import LETTER_A, VERA

from quire.document import Line
from quire.geometry import bounds
from quire.sources import open_source
from quire.sources.right_to_left import reading_order

SHALOM, OLAM = "שלום", "עולם"
FATHATAN, DAD, YEH, ALEF = "\u064b", "ض", "ي", "ا"


def lines_of(data: bytes) -> tuple[Line, ...]:
    with open_source(data) as source:
        layer = source.page(1).text_layer(72)
    assert layer is not None
    return layer.lines


def hebrew(draw_at: dict[float, str]) -> bytes:
    """A line in which each text starts at a place, drawn in a font whose capitals are Hebrew letters."""

    def draw(canvas: Canvas) -> None:
        for x, text in draw_at.items():
            codes = "".join(chr(ord("A") + ord(letter) - 0x5D0) if letter >= "א" else letter for letter in text)
            canvas.setFont("Courier", 10)
            canvas.drawString(x, 200, codes)

    def named(pdf: pikepdf.Pdf) -> None:
        for font in pdf.pages[0].Resources.Font.values():
            rows = [
                (code, 0x5D0 + code - ord("A") if ord("A") <= code <= ord("[") else code) for code in range(32, 127)
            ]
            table = b"\n".join(b"<%02X> <%04X>" % row for row in rows)
            font.ToUnicode = pdf.make_stream(
                b"begincmap\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n95 beginbfchar\n"
                + table
                + b"\nendbfchar\nendcmap"
            )

    return changed(pdf_bytes(draw), named)


def seen(text: str) -> str:
    """Hebrew alone, as its glyphs stand from left to right."""
    return text[::-1]


SINGLE = {60 + 6 * place: letter for place, letter in enumerate(seen(f"{SHALOM} {OLAM}")) if letter != " "}


@pytest.mark.parametrize(
    "draw_at",
    [
        pytest.param({60: seen(f"{SHALOM} {OLAM}")}, id="one piece"),
        pytest.param({90: seen(SHALOM), 60: seen(OLAM)}, id="words from the right"),
        pytest.param({60: seen(OLAM), 90: seen(SHALOM)}, id="words from the left"),
        pytest.param(SINGLE, id="letters from the left"),
        pytest.param(dict(reversed(SINGLE.items())), id="letters from the right"),
    ],
)
def test_hebrew_is_read_from_the_right(draw_at: dict[float, str]) -> None:
    (line,) = lines_of(hebrew(draw_at))
    assert line.text == f"{SHALOM} {OLAM}"
    first, second = (bounds([word.box]) for word in line.words)
    assert (first.x0, second.x0) == (pytest.approx(90, abs=1), pytest.approx(60, abs=1))


@pytest.mark.parametrize("drawn", ["at once", "in pieces"])
def test_hebrew_words_keep_their_order_within_a_line_from_the_left(drawn: str) -> None:
    pieces = {30: "see ", 54: seen(f"{SHALOM} {OLAM}"), 108: " there now"}
    (line,) = lines_of(hebrew(pieces if drawn == "in pieces" else {30: "".join(pieces.values())}))
    assert line.text == f"see {SHALOM} {OLAM} there now"


def test_numbers_and_latin_words_run_from_the_left_within_hebrew() -> None:
    (line,) = lines_of(hebrew({60: f"12.5% {seen(OLAM)} pdf {seen(SHALOM)}"}))
    assert line.text == f"{SHALOM} pdf {OLAM} 12.5%"


def ordered(letters: list[tuple[str, float, float]]) -> str:
    """The text of letters given with where each starts and ends."""
    codes = np.array([ord(letter) for letter, _, _ in letters], np.uint32)
    spans = np.array([(start, 0, end, 10) for _, start, end in letters], np.float32)
    order = reading_order(codes, spans, np.zeros(len(letters), np.int64))
    return "".join(letters[place][0] for place in (range(len(letters)) if order is None else order.tolist()))


def test_a_vowel_sign_follows_the_letter_that_it_stands_over() -> None:
    assert ordered([(YEH, 20, 24), (FATHATAN, 14, 16), (DAD, 10, 20), (ALEF, 7, 10)]) == YEH + DAD + FATHATAN + ALEF


def test_a_line_of_vowel_signs_alone_is_left_alone() -> None:
    assert ordered([(FATHATAN, 4, 6), (FATHATAN, 1, 3)]) == FATHATAN * 2


WORDS = st.lists(
    st.one_of(st.text("אבגדה", min_size=1, max_size=5), st.text("abcde", min_size=1, max_size=5)), max_size=6
)


@given(WORDS, st.randoms())
def test_any_order_of_drawing_gives_the_words_as_they_are_read(words: list[str], random: object) -> None:
    words = ["שלומותינוהטובותמאודמאודוכולם", *words]  # Most letters are Hebrew: the line runs from the right.
    x, letters = 0.0, []
    runs: list[list[str]] = []
    for word in words:
        latin = word[0] <= "z"
        if latin and runs and runs[-1][0][0] <= "z":
            runs[-1].append(word)
        else:
            runs.append([word])
    for run in runs:
        text = " ".join(run)
        latin = text[0] <= "z"
        x -= 10 * len(text)
        for place, letter in enumerate(text if latin else seen(text)):
            letters.append((letter, x + 10 * place, x + 10 * place + 10))
        x -= 10
    random.shuffle(letters)  # type: ignore[attr-defined]
    assert ordered([letter for letter in letters if letter[0] != " "]) == "".join(words)


@pytest.mark.parametrize("text", ["plain", "Ελληνικά", "日本語"])
def test_text_from_the_left_costs_nothing(text: str) -> None:
    codes = np.array([ord(letter) for letter in text], np.uint32)
    assert reading_order(codes, np.zeros((len(codes), 4), np.float32), np.zeros(len(codes), np.int64)) is None


def vertical(*columns: str) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3", isVertical=True))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("HeiseiMin-W3", 14)
        for place, column in enumerate(columns):
            canvas.drawString(300 - 22 * place, 280, column)
        text_at(30, 20, "A level line")(canvas)

    def embed(pdf: pikepdf.Pdf) -> None:
        # PDFium takes a column whose glyphs are not there for empty: a machine need not have a Japanese font.
        for font in pdf.pages[0].Resources.Font.values():
            for drawn in font.get("/DescendantFonts", ()):
                drawn.Subtype = pikepdf.Name.CIDFontType2
                drawn.FontDescriptor.FontFile2 = pdf.make_stream(VERA.read_bytes())
                drawn.CIDToGIDMap = pdf.make_stream(LETTER_A.to_bytes(2, "big") * 20_000)

    return changed(pdf_bytes(draw), embed)


def test_a_column_of_vertical_writing_is_one_line_that_reads_from_its_top() -> None:
    lines = {line.text: line for line in lines_of(vertical("日本語の縦書きは右から", "左へ進みます。", "短い"))}
    assert set(lines) == {"日本語の縦書きは右から", "左へ進みます。", "短い", "A level line"}
    for column in ("左へ進みます。", "短い"):
        box = bounds([lines[column].box])
        assert lines[column].box[:2] == ((box.x1, box.y0), (box.x1, box.y1))
        assert lines[column].words[0].box == lines[column].box
    level = bounds([lines["A level line"].box])
    assert lines["A level line"].box[0] == (level.x0, level.y0)
