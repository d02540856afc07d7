"""Spans of an analysis lead to what they are of, whatever the document says and whatever they count."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from quire.api.adapters.azure.content import IndexType
from quire.api.adapters.azure.result import analyze_result
from quire.api.adapters.azure.wish import Wish
from quire.api.adapters.azure.written import as_html, as_markdown, as_text
from quire.document import Block, Cell, Document, Figure, Line, Page, Table, Word
from quire.document.escaping import clean, escape_markdown

WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=8)
QUAD = ((0.0, 0.0), (100.0, 0.0), (100.0, 20.0), (0.0, 20.0))
KINDS = st.sampled_from(["title", "heading", "paragraph", "list", "header", "footnote", "figure", "table"])


def line_of(words: list[str]) -> Line:
    return Line(" ".join(words), QUAD, 0.9, tuple(Word(word, QUAD, 0.9) for word in words))


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """A page of a few blocks of each kind; a table has all its words in one cell."""
    lines: list[Line] = []
    blocks: list[Block] = []
    tables: list[Table] = []
    figures: list[Figure] = []
    for kind in draw(st.lists(KINDS, max_size=4)):
        own = [line_of(draw(st.lists(WORDS, min_size=1, max_size=4))) for _ in range(draw(st.integers(1, 3)))]
        indices = tuple(range(len(lines), len(lines) + len(own)))
        lines += own
        text = "\n".join(line.text for line in own)
        if kind == "table":
            tables.append(Table(QUAD, 1, 1, (Cell(0, 0, text, QUAD),)))
        if kind == "figure":
            figures.append(Figure(f"p1-f{len(figures) + 1}", QUAD, None, text))
        blocks.append(
            Block(
                kind,  # type: ignore[arg-type]
                QUAD,
                text,
                indices,
                table=len(tables) - 1 if kind == "table" else None,
                figure=len(figures) - 1 if kind == "figure" else None,
            )
        )
    lines += [line_of(["left", "over"])] * draw(st.integers(0, 1))
    return Page(
        1, 200, 100, None, 0, 0.0, "ocr", "ppocr", "en", tuple(lines), tuple(blocks),
        tables=tuple(tables), figures=tuple(figures),
    )  # fmt: skip


def analysed(drawn: list[Page], **wish: Any) -> dict[str, Any]:
    document = Document("a.png", "image/png", "0" * 64, len(drawn), "ppocr", tuple(drawn))
    result: dict[str, Any] = json.loads(analyze_result(document.to_json().encode(), "prebuilt-layout", Wish(**wish)))
    return result


def sliced(content: str, unit: IndexType) -> Callable[[dict[str, int]], str]:
    """What a client that counts so reads at a span."""
    if unit == "utf16CodeUnit":
        raw = content.encode("utf-16-le")
        return lambda span: raw[2 * span["offset"] : 2 * (span["offset"] + span["length"])].decode("utf-16-le")
    units = regex.findall(r"\X", content) if unit == "textElements" else content
    return lambda span: "".join(units[span["offset"] : span["offset"] + span["length"]])


@pytest.mark.parametrize("unit", ["unicodeCodePoint", "utf16CodeUnit"])
@given(drawn=st.lists(pages(), min_size=1, max_size=3))
def test_spans_are_what_they_say(unit: IndexType, drawn: list[Page]) -> None:
    result = analysed(drawn, string_index_type=unit)
    at = sliced(result["content"], unit)

    for page, original in zip(result["pages"], drawn, strict=True):
        assert [at(word["span"]) for word in page["words"]] == [word["content"] for word in page["words"]]
        assert len(page["lines"]) == len(original.lines)
        assert sum(len(line.words) for line in original.lines) == len(page["words"])
        for line in page["lines"]:
            assert " ".join(map(at, line["spans"])) == line["content"]
    for part in result["paragraphs"]:
        assert at(part["spans"][0]).split() == part["content"].split()
    for table in result["tables"]:
        assert [at(span) for cell in table["cells"] for span in cell["spans"]] == [
            cell["content"] for cell in table["cells"] if cell["content"]
        ]


@given(drawn=st.lists(pages(), min_size=1, max_size=2))
def test_text_elements_begin_with_what_is_there(drawn: list[Page]) -> None:
    result = analysed(drawn)
    at = sliced(result["content"], "textElements")
    total = len(regex.findall(r"\X", result["content"]))

    for page in result["pages"]:
        for word in page["words"]:
            assert 0 <= word["span"]["offset"] <= word["span"]["offset"] + word["span"]["length"] <= total
            assert at(word["span"]) in result["content"]


def test_an_accent_of_its_own_is_no_element_of_its_own() -> None:
    page = Page(1, 9, 9, None, 0, 0.0, "ocr", "ppocr", "en", (line_of(["cafe\u0301", "\U0001f600", "x"]),), ())
    spans = [word["span"] for word in analysed([page])["pages"][0]["words"]]

    assert [(span["offset"], span["length"]) for span in spans] == [(0, 4), (5, 1), (7, 1)]


@given(drawn=st.lists(pages(), min_size=1, max_size=2))
def test_markdown_holds_every_word_where_its_span_says(drawn: list[Page]) -> None:
    result = analysed(drawn, output_content_format="markdown", string_index_type="unicodeCodePoint")
    at = sliced(result["content"], "unicodeCodePoint")

    for page in result["pages"]:
        for word in page["words"]:
            written = at(word["span"])
            assert written in {"".join(as_html(word["content"])), *_unescapings(written, word["content"])}


def _unescapings(written: str, word: str) -> set[str]:
    """The written text itself if it is the word with backslashes before some of its characters."""
    chars = iter(written)
    plain = "".join(next(chars, "") if char == "\\" else char for char in chars)
    return {written} if plain == word else set()


@given(line=st.text(max_size=40))
def test_escapes_have_one_piece_for_each_character(line: str) -> None:
    for escape in (as_text, as_html, as_markdown):
        assert len(escape(line)) == len(line)
    assert "".join(as_text(line)) == clean(line)
    assert "".join(as_markdown(line)) == escape_markdown(clean(line))
