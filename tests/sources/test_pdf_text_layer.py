"""The text layer: lines, words, their boxes, and the pictures that it does not describe."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pikepdf
import pytest
import reportlab
from drawing import PAGE_PT, SENTENCE, all_of, changed, paragraph, pdf_bytes, picture_at, text_at
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from quire.geometry import Box, bounds
from quire.sources import open_source
from quire.sources.base import TextLayer
from quire.sources.unicode_text import clean

VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
LETTER_A = 36
"""The glyph that stands for every character of the font made of Vera."""
PHOTO = Image.fromarray(np.random.default_rng(3).integers(0, 256, (150, 200), np.uint8))


def layer_of(data: bytes, dpi: float = 150) -> TextLayer:
    with open_source(data) as source:
        layer = source.page(1).text_layer(dpi)
    assert layer is not None
    return layer


def texts(data: bytes) -> list[str]:
    return [line.text for line in layer_of(data).lines]


def ink_bounds(data: bytes, dpi: float) -> Box:
    with open_source(data) as source:
        pixels = source.page(1).render(dpi).pixels
    ys, xs = np.nonzero(pixels.min(axis=2) < 128)
    return Box(xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)


def test_lines_and_words_come_in_order_and_are_certain() -> None:
    layer = layer_of(pdf_bytes(paragraph(["First line of text", "second line", "third"])))
    assert [line.text for line in layer.lines] == ["First line of text", "second line", "third"]
    assert [word.text for word in layer.lines[0].words] == ["First", "line", "of", "text"]
    assert {line.confidence for line in layer.lines} == {word.confidence for word in layer.lines[1].words} == {1.0}
    assert (layer.doubt, layer.pictures) == (None, ())


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [(0, 0, *PAGE_PT), (30, 20, 330, 260)], ids=["whole page", "cropped"])
@pytest.mark.parametrize("dpi", [72, 200])
def test_word_boxes_lie_around_the_ink(rotation: int, crop: tuple[float, ...], dpi: float) -> None:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Rotate = rotation
        pdf.pages[0].CropBox = pikepdf.Array(crop)

    data = changed(pdf_bytes(text_at(90, 140, "Hxg", size=30)), change)
    (line,) = layer_of(data, dpi).lines
    box, ink = bounds([line.words[0].box]), ink_bounds(data, dpi)
    slack = dpi / 72
    along = (box.x0, box.x1, ink.x0, ink.x1) if rotation % 180 == 0 else (box.y0, box.y1, ink.y0, ink.y1)
    assert along[:2] == pytest.approx(along[2:], abs=3 * slack)
    assert box.intersection(ink) >= 0.97 * ink.area
    assert box.area < 2.2 * ink.area


@pytest.mark.parametrize(
    ("angle", "start"), [(0, "top left"), (90, "bottom left"), (180, "bottom right"), (270, "top right")]
)
def test_turned_text_starts_at_the_corner_where_it_is_read_from(angle: int, start: str) -> None:
    (line,) = layer_of(pdf_bytes(text_at(200, 150, "Turned words", angle=angle))).lines
    assert [word.text for word in line.words] == ["Turned", "words"]
    box = bounds([line.box])
    corners = {
        "top left": (box.x0, box.y0), "top right": (box.x1, box.y0),
        "bottom right": (box.x1, box.y1), "bottom left": (box.x0, box.y1),
    }  # fmt: skip
    assert line.box[0] == corners[start]
    assert len(set(line.box)) == 4
    first, last = (np.mean(word.box, axis=0) for word in line.words)
    origin = np.array(line.box[0])
    assert np.linalg.norm(first - origin) < np.linalg.norm(last - origin)


def test_text_at_a_slant_does_not_disturb() -> None:
    data = pdf_bytes(all_of(text_at(30, 260, "Level text"), text_at(100, 60, "Draft", size=40, angle=37)))
    assert texts(data) == ["Level text", "Draft"]


def test_columns_drawn_row_by_row_are_parted() -> None:
    def rows(canvas: Canvas) -> None:
        for index in range(3):
            canvas.drawString(30, 200 - 16 * index, f"left part {index}")
            canvas.drawString(220, 200 - 16 * index, f"right part {index}")

    assert texts(pdf_bytes(rows))[:2] == ["left part 0", "right part 0"]


def test_a_raised_figure_stays_in_its_line() -> None:
    data = pdf_bytes(
        all_of(text_at(30, 200, "Water is H"), text_at(87, 197, "2", size=8), text_at(91.5, 200, "O here"))
    )
    assert texts(data) == ["Water is H2O here"]


def test_a_hyphen_at_the_end_of_a_line_is_a_hyphen_and_ends_the_line() -> None:
    data = pdf_bytes(paragraph(["a dense represen-", "tation of the text", "and more of it"]))
    assert texts(data) == ["a dense represen-", "tation of the text", "and more of it"]


def test_lines_on_a_tiny_page_are_not_run_together() -> None:
    def tiny(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 0.8)
        for index in range(4):
            canvas.drawString(2, 16 - 1.1 * index, f"line number {index} of a very small page")

    assert texts(pdf_bytes(tiny, size_pt=(20, 20))) == [
        f"line number {index} of a very small page" for index in range(4)
    ]


def test_text_outside_the_crop_box_is_left_out() -> None:
    def crop(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].CropBox = pikepdf.Array((0, 0, 400, 150))

    data = pdf_bytes(all_of(text_at(30, 200, "printer's note"), text_at(30, 100, "visible")))
    assert texts(changed(data, crop)) == ["visible"]


def test_text_drawn_twice_for_boldness_comes_once() -> None:
    data = pdf_bytes(all_of(*[text_at(30 + shift, 200, "Bold by shadow") for shift in (0, 0.9)]))
    assert texts(data) == ["Bold by shadow"]


def test_ligatures_are_spelled_out() -> None:
    def ligature(pdf: pikepdf.Pdf) -> None:
        (font,) = pdf.pages[0].Resources.Font.values()
        rows = b"\n".join(b"<%02X> <%04X>" % (code, 0xFB03 if code == ord("#") else code) for code in range(33, 127))
        font.ToUnicode = pdf.make_stream(
            b"begincmap\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n94 beginbfchar\n"
            + rows
            + b"\nendbfchar\nendcmap"
        )

    assert texts(changed(pdf_bytes(text_at(30, 200, "o#ce")), ligature)) == ["office"]


def test_control_characters_and_lone_surrogates_do_not_get_through() -> None:
    codes = np.array([0, 7, 0x41, 0xD800, 0x110000, 0x200B, 0x02, 0xAD, 0x0D, 0x0A, 0xA0], np.uint32)
    boxes = np.zeros((len(codes), 4), np.float32)
    text = clean(codes, boxes)
    assert [chr(code) for code in text.codes[text.visible]] == ["A", "\ufffd", "\ufffd", "-", "-"]
    assert np.flatnonzero(text.spaces).tolist() == [10]
    assert np.flatnonzero(text.breaks).tolist() == [6, 9]


def test_a_ligature_of_a_right_to_left_script_is_put_in_order() -> None:
    alef, lam, noon = 0x627, 0x644, 0x646
    boxes = np.array([[0, 9, 5, 0], [0, 9, 5, 0], [6, 9, 9, 0]], np.float32)
    assert clean(np.array([alef, lam, noon], np.uint32), boxes).codes.tolist() == [lam, alef, noon]


def test_a_script_without_spaces_makes_words_at_gaps_only() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))

    def japanese(canvas: Canvas) -> None:
        canvas.setFont("HeiseiMin-W3", 14)
        canvas.drawString(30, 200, "日本語の文字")
        canvas.drawString(128, 200, "東京")

    (line,) = layer_of(pdf_bytes(japanese)).lines
    assert [word.text for word in line.words] == ["日本語の文字", "東京"]


def test_vertical_writing_is_read() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3", isVertical=True))

    def vertical(canvas: Canvas) -> None:
        canvas.setFont("HeiseiMin-W3", 14)
        canvas.drawString(200, 200, "縦書き")

    def embed(pdf: pikepdf.Pdf) -> None:
        # PDFium takes a column whose glyphs are not there for empty: a machine need not have a Japanese font.
        (drawn,) = pdf.pages[0].Resources.Font.F2.DescendantFonts
        drawn.Subtype = pikepdf.Name.CIDFontType2
        drawn.FontDescriptor.FontFile2 = pdf.make_stream(VERA.read_bytes())
        drawn.CIDToGIDMap = pdf.make_stream(LETTER_A.to_bytes(2, "big") * 20_000)

    assert "".join(texts(changed(pdf_bytes(vertical), embed))) == "縦書き"


@pytest.mark.parametrize(
    "draw", [lambda canvas: None, picture_at(PHOTO, 50, 50, 200, 150), text_at(30, 200, "  ")],
    ids=["an empty page", "a picture only", "spaces only"],
)  # fmt: skip
def test_a_page_without_text_has_no_layer(draw: object) -> None:
    with open_source(pdf_bytes(draw)) as source:
        assert source.page(1).text_layer(150) is None


def test_a_picture_beside_the_text_is_found() -> None:
    data = pdf_bytes(all_of(paragraph([SENTENCE[:40]] * 3), picture_at(PHOTO, 100, 30, 200, 150)))
    (picture,) = layer_of(data, 144).pictures
    assert picture == pytest.approx((200, 240, 600, 540), abs=2)


def test_a_picture_within_a_form_is_found_too() -> None:
    def within(canvas: Canvas) -> None:
        canvas.beginForm("inner")
        canvas.drawInlineImage(PHOTO, 0, 0, 100, 75)
        canvas.endForm()
        canvas.drawString(30, 260, SENTENCE[:40])
        canvas.translate(100, 30)
        canvas.scale(2, 2)
        canvas.doForm("inner")

    (picture,) = layer_of(pdf_bytes(within), 144).pictures
    assert picture == pytest.approx((200, 240, 600, 540), abs=2)


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(picture_at(PHOTO, 300, 20, 30, 22), id="a small logo"),
        pytest.param(picture_at(PHOTO.resize((3, 2)), 100, 20, 200, 100), id="a gradient of few pixels"),
        pytest.param(picture_at(PHOTO, 0, 0, *PAGE_PT), id="a background"),
        pytest.param(picture_at(PHOTO, 25, 160, 370, 115), id="a backdrop of a paragraph"),
    ],
)
def test_decoration_is_no_picture(draw: object) -> None:
    assert layer_of(pdf_bytes(all_of(draw, paragraph([SENTENCE[:60]] * 6)))).pictures == ()
