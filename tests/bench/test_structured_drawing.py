"""Drawn documents with structure: the same from the same seed, and nothing on them that the truth does not know."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.bench.drawing.fonts import FACES
from quire.bench.drawing.structured import COUNT, TEMPLATES, Template, structured_documents
from quire.bench.drawing.structured.flow import Frame, columns, pour
from quire.bench.drawing.structured.grid import Grid, TrueCell
from quire.bench.drawing.structured.prose import Prose
from quire.bench.drawing.structured.scans import scan_pdf
from quire.bench.drawing.structured.setting import Style, broken
from quire.bench.drawing.structured.sheet import Sheet
from quire.bench.drawing.structured.truth import ASIDE, StructuredTruth
from quire.bench.scoring.tables import score_tables

STYLE = Style(FACES[0], 10.0, 12.0, align="justified")
WORDS = st.lists(st.text("abeilnort", min_size=1, max_size=14), min_size=1, max_size=40)

each_template = pytest.mark.parametrize("draw", [*dict.fromkeys(TEMPLATES)], ids=lambda draw: f"a {draw.__name__}")


def letters(text: str) -> Counter[str]:
    """Characters but for spaces and hyphens, which line ends add and take."""
    return Counter("".join(text.split()).replace("-", "").replace("\u0002", "").replace("\ufffe", ""))


def text_of(pdf: bytes) -> str:
    texts = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            textpage = page.get_textpage()
            texts.append(textpage.get_text_range())
            textpage.close()
            page.close()
    return "\n".join(texts)


@each_template
def test_the_same_seed_draws_the_same_document_and_another_seed_another(draw: Template) -> None:
    assert draw(3) == draw(3)
    assert draw(3)[1] != draw(4)[1]


@each_template
def test_the_truth_knows_every_letter_on_the_pages(draw: Template) -> None:
    pdf, truth = draw(5)
    assert letters(text_of(pdf)) == letters(" ".join(piece.text for piece in truth.pieces))


@each_template
def test_pieces_and_blocks_say_the_same(draw: Template) -> None:
    """A table that goes on over pages prints its header again, so its parts are blocks of their own."""
    _, truth = draw(5)
    pieces: dict[int, str] = {}
    for piece in truth.pieces:
        pieces[piece.block] = pieces.get(piece.block, "") + piece.text
    assert {place: letters(text) for place, text in pieces.items()} == {
        place: letters(block.text) for place, block in enumerate(truth.blocks)
    }


@each_template
def test_pages_go_on_in_order_and_the_body_has_one_part_each(draw: Template) -> None:
    _, truth = draw(5)
    assert all(first.page <= second.page for first, second in pairwise(truth.pieces))
    assert len(truth.body.split("\f")) == truth.pages
    aside = [block.text for block in truth.blocks if block.kind in ASIDE - {"figure"}]
    assert aside
    assert truth.body.strip()


@pytest.fixture(scope="module")
def truths() -> list[StructuredTruth]:
    return [document.truth for document in structured_documents(10)]


def test_the_set_has_every_kind_of_block_and_headings_of_three_levels(truths: list[StructuredTruth]) -> None:
    kinds = {block.kind for truth in truths for block in truth.blocks}
    assert kinds == {
        "title", "heading", "paragraph", "list", "table", "figure", "caption", "header", "footer", "page_number",
        "footnote",
    }  # fmt: skip
    assert {block.level for truth in truths for block in truth.blocks if block.kind == "heading"} == {1, 2, 3}
    assert COUNT == 40


def test_some_table_goes_on_over_pages(truths: list[StructuredTruth]) -> None:
    parts = [
        (first, second)
        for truth in truths
        for first, second in pairwise([block for block in truth.blocks if block.kind == "table"])
        if second.page == first.page + 1 and first.text.splitlines()[0] == second.text.splitlines()[0]
    ]
    assert parts


@given(words=WORDS, width=st.floats(60, 300))
def test_lines_hold_all_words_in_order_and_no_more_than_fits(words: list[str], width: float) -> None:
    lines = [*broken(words, width, STYLE)]
    text = "".join(" ".join(line.words) + ("" if line.divided else " ") for line in lines)
    assert text.split() == " ".join(words).split()
    assert all(STYLE.width(" ".join(line.shown)) <= width or len(line.words) == 1 for line in lines)


@given(words=WORDS, rooms=st.lists(st.integers(0, 6), min_size=1, max_size=4))
def test_a_text_that_is_split_keeps_its_words(words: list[str], rooms: list[int]) -> None:
    sheet = Sheet()
    rest = pour(sheet, [Prose(tuple(words), STYLE)], [Frame(50, 50, 120, 12.0 * room + 1) for room in rooms])
    for item in rest:
        item.draw(sheet, 50, 50, 120)
    _, truth = sheet.finish("none")
    assert {piece.block for piece in truth.pieces} == {0}
    assert truth.body.split() == " ".join(words).split()


def test_a_table_is_split_between_rows_with_its_header_on_both_parts() -> None:
    rows = tuple((TrueCell(f"row {number}"), TrueCell(str(number))) for number in range(10))
    whole = Grid(((TrueCell("what"), TrueCell("how many")),), rows, (2, 1), STYLE, "ruled")
    parts = whole.split(200, whole.height(200) / 2)
    assert parts is not None
    first, second = parts
    assert first.rows + second.rows == rows
    assert first.header == second.header == whole.header
    assert score_tables([whole.html], [whole.html]).summary()["tabF1"] == 1


def test_columns_share_the_width() -> None:
    assert columns(10, 20, 100, 50, 2, 20) == [Frame(10, 20, 40, 50), Frame(70, 20, 40, 50)]


def test_a_scan_has_the_pages_as_pictures_and_no_text() -> None:
    pdf, truth = TEMPLATES[3](1)
    scan = scan_pdf(pdf, 1)
    assert scan == scan_pdf(pdf, 1)
    assert not text_of(scan).strip()
    with pypdfium2.PdfDocument(scan) as document:
        assert len(document) == truth.pages
        page = document[0]
        assert 150 < np.mean(page.render().to_numpy()) < 250
        page.close()
