"""Lines gathered into blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from views import PROSE, arranged, blocks, column, line, page

from quire.document import Cell, Line, Table
from quire.geometry import Box, bounds
from quire.layout.base import FoundFigure, FoundTable, Structure
from quire.view import LineStyle, PageView


def texts(lines: list[Line]) -> list[str]:
    return [block.text for block in blocks(lines)]


def test_lines_that_only_the_margin_broke_run_on() -> None:
    assert texts(column(100, 300)) == [" ".join(PROSE)]


def test_a_line_break_stays_where_the_next_word_would_have_fitted() -> None:
    address = ["Ms Ada Larsson", "14 Kungsgatan", "41119 Göteborg"]
    lines = [line(text, 100, 100 + 26 * row) for row, text in enumerate(address)]
    found = texts([*lines, *column(100, 300)])
    assert found == ["\n".join(address), " ".join(PROSE)]


def test_a_word_that_was_split_is_whole_again() -> None:
    lines = [line("nobody had seen the boats of the har-", 100, 300), line("bour", 100, 326)]
    assert texts(lines) == ["nobody had seen the boats of the harbour"]


def test_a_gap_parts_paragraphs() -> None:
    assert texts(column(100, 300, 3) + column(100, 420, 3)) == [" ".join(PROSE[:3])] * 2


def test_double_spacing_parts_nothing() -> None:
    assert texts(column(100, 300, pitch=52)) == [" ".join(PROSE)]


def test_an_indent_begins_a_paragraph() -> None:
    lines = [*column(100, 300, 3), line("Still there.", 100, 378), line(PROSE[0], 136, 404, 514), *column(100, 430, 3)]
    assert [text[:12] for text in texts(lines)] == [PROSE[0][:12]] * 2


def test_larger_letters_are_a_block_of_their_own() -> None:
    lines = [line("The Harbour", 100, 252, 400, 292), *column(100, 300)]
    assert texts(lines) == ["The Harbour", " ".join(PROSE)]


def test_bold_letters_are_a_block_of_their_own() -> None:
    lines = [line("The Harbour", 100, 274), *column(100, 300)]
    styles = [LineStyle(16, bold=True), *[LineStyle(16)] * 8]
    assert [block.text for block in blocks(page(lines, styles=styles))] == ["The Harbour", " ".join(PROSE)]


def test_what_is_level_shares_a_row_of_text() -> None:
    assert texts([line("3.20", 500, 302), line("Tea", 30, 300)]) == ["Tea 3.20"]


def test_letters_of_one_width_are_code_and_keep_their_indents() -> None:
    code = ["def area(box):", "    wide = box[2] - box[0]", "    return wide * box[3]"]
    lines = [
        line(text.strip(), 100 + 9 * (len(text) - len(text.lstrip())), 300 + 24 * row) for row, text in enumerate(code)
    ]
    (block,) = blocks(page(lines, styles=[LineStyle(16, mono=True)] * 3))
    assert (block.kind, block.text) == ("code", "\n".join(code))


def test_a_displayed_formula_stands_alone() -> None:
    lines = [*column(100, 300, 3), line("E = mc² + αβ", 200, 378), line("(4)", 487, 378), *column(100, 404, 3)]
    assert [block.kind for block in blocks(lines)] == ["paragraph", "formula", "paragraph"]


def test_blocks_enclose_their_lines_and_know_their_size() -> None:
    lines = [line("a quiet morning", 50, 100, 400, 124), line("at the harbour", 40, 130, 390, 154)]
    (block,) = blocks(lines)
    assert bounds([block.box]) == (40, 100, 400, 154)
    assert (block.kind, block.level) == ("paragraph", None)
    assert block.font_size == pytest.approx(20)


def test_a_paragraph_that_goes_on_in_the_next_column_says_so() -> None:
    found = blocks(column(60, 300) + column(520, 300))
    assert [block.continues for block in found] == [False, True]


def test_a_paragraph_that_ended_does_not_go_on() -> None:
    left = [*column(60, 300, 7), line("had lived for thirty years without neighbours.", 60, 482, 474)]
    assert [block.continues for block in blocks(left + column(520, 300))] == [False, False]


def test_a_small_note_at_the_foot_is_a_footnote() -> None:
    note = line("1 The lamp was lit in 1871 by his father.", 100, 1200, 350, 1214)
    found = blocks([*column(100, 300, 30), note])
    assert (found[-1].kind, found[-1].text) == ("footnote", note.text)


def test_small_works_of_reference_are_no_footnotes() -> None:
    works = [line(f"[{place}] A. Larsson. The lamp of the pier.", 100, 1100 + 24 * place, 380) for place in (1, 2)]
    small = [LineStyle(17.0)] * 30 + [LineStyle(13.0)] * 2
    found = blocks(page([*column(100, 300, 30), *works], styles=small))
    assert "footnote" not in {block.kind for block in found}


def test_rows_whose_measured_height_scatters_are_one_paragraph() -> None:
    halves = [9 + 4 * (row % 2) for row in range(len(PROSE))]
    lines = [
        line(text, 100, 300 + 40 * row - half, 514, 300 + 40 * row + half)
        for row, (text, half) in enumerate(zip(PROSE, halves, strict=True))
    ]
    assert texts(lines) == [" ".join(PROSE)]


def test_line_numbers_do_not_stand_amid_the_text() -> None:
    numbers = [line(str(row + 1), 60, 300 + 52 * row) for row in range(8)]
    found = texts(numbers + column(140, 300, pitch=52))
    assert found[-1] == " ".join(PROSE)


def table(box: Box, rows: int = 2, columns: int = 2) -> Table:
    cells = [Cell(row, place, f"r{row}c{place}", box.quad) for row in range(rows) for place in range(columns)]
    return Table(box.quad, rows, columns, tuple(cells))


def test_a_table_stands_in_its_column_with_its_caption() -> None:
    left = [*column(60, 300, 3), line("the lamp was burning as it did every night.", 60, 378, 474)]
    cells = [line("r0c0", 60, 470), line("r0c1", 300, 470), line("r1c0", 60, 500), line("r1c1", 300, 500)]
    caption = line("Table 1: Boats by year.", 60, 436)
    lines = [*left, caption, *cells, *column(60, 560, 4), *column(520, 300, 12)]
    found = arranged(lines, [FoundTable(table(Box(60, 465, 474, 525)), frozenset(range(5, 9)))])
    assert [block.kind for block in found.blocks] == ["paragraph", "caption", "table", "paragraph", "paragraph"]
    assert (found.blocks[2].text, found.blocks[2].table) == ("r0c0\tr0c1\nr1c0\tr1c1", 0)
    assert found.tables[0].caption == caption.text


def test_each_figure_has_the_nearest_caption() -> None:
    labels = [line("Figure 1: The boats.", 100, 330), line("Figure 2: The pier.", 100, 730)]
    figures = [FoundFigure(Box(100, top, 514, top + 150), frozenset()) for top in (170, 570)]
    found = arranged([*labels, *column(100, 900)], figures=figures)
    assert [figure.caption for figure in found.figures] == [label.text for label in labels]


def test_small_print_under_a_figure_is_its_caption() -> None:
    lines = [line("The boats at low tide", 100, 334, 280, 348), *column(100, 360)]
    styles = [LineStyle(13.0)] + [LineStyle(17.0)] * 8
    found = arranged(page(lines, styles=styles), figures=[FoundFigure(Box(100, 170, 514, 330), frozenset())])
    assert (found.blocks[1].kind, found.figures[0].caption) == ("caption", lines[0].text)


def test_a_small_labelled_line_is_a_caption_also_of_what_was_not_found() -> None:
    lines = [*column(100, 300), line("Figure 4: The keeper.", 100, 515, 290, 529), *column(100, 545)]
    styles = [LineStyle(17.0)] * 8 + [LineStyle(13.0)] + [LineStyle(17.0)] * 8
    assert [block.kind for block in blocks(page(lines, styles=styles))] == ["paragraph", "caption", "paragraph"]


def test_a_figure_amid_a_paragraph_comes_after_it() -> None:
    label = line("depth in metres", 200, 440, 330, 456)
    caption = line("Figure 2. The harbour from above.", 100, 540)
    lines = [*column(100, 300, 4), label, caption, *column(100, 620, 4)]
    found = arranged(lines, figures=[FoundFigure(Box(100, 410, 514, 530), frozenset([4]))])
    assert [(block.kind, block.continues) for block in found.blocks] == [
        ("paragraph", False), ("paragraph", True), ("figure", False), ("caption", False),
    ]  # fmt: skip
    (figure,) = found.figures
    assert (figure.id, figure.text, figure.caption) == ("p1-f1", label.text, caption.text)


@pytest.mark.parametrize("count", [0, 1], ids=["no line", "one line"])
def test_hardly_anything_is_arranged_too(count: int) -> None:
    found = arranged([line("alone", 10, 10, 90, 30)] * count)
    assert [block.lines for block in found.blocks] == [(0,)] * count


def crowd(kind: str, count: int = 3000) -> list[Line]:
    """As many lines as the detector gives, or more."""
    random = np.random.default_rng(2)
    if kind == "a grid":
        places = [(20 * (index % 50), 12 * (index // 50), 15, 9) for index in range(count)]
    elif kind == "one row":
        places = [(12 * index, 40, 10, 20) for index in range(count)]
    elif kind == "one column":
        places = [(40, 24 * index, 600, 20) for index in range(count)]
    elif kind == "wide lines between columns":
        places = [
            (0 if index % 5 else 500, 12 * (index // 2), 1000 if index % 5 == 0 else 300, 10) for index in range(count)
        ]
    else:
        places = [tuple(random.integers(1, 2000, 4)) for _ in range(count)]
    return [line("x", x, y, x + width, y + height) for x, y, width, height in places]


@pytest.mark.parametrize("kind", ["a grid", "one row", "one column", "wide lines between columns", "a heap"])
def test_three_thousand_lines_are_arranged(kind: str) -> None:
    found = arranged(crowd(kind))
    assert len(found.lines) == 3000
    assert sorted(index for block in found.blocks for index in block.lines) == list(range(3000))


WORDS = st.sampled_from(["x", "1. one", "• two", "Figure 3:", "a = b", "long words of running text", "ألف", "漢字漢字"])
LINE = st.builds(
    lambda text, x, y, width, height: line(text, x, y, x + width, y + height),
    WORDS, st.integers(0, 1500), st.integers(0, 2000), st.integers(1, 900), st.integers(1, 60),
)  # fmt: skip
AREA = st.builds(lambda x, y, w, h: Box(x, y, x + w, y + h), *[st.integers(0, 900)] * 2, *[st.integers(1, 600)] * 2)


@st.composite
def structures(draw: st.DrawFn) -> tuple[PageView, Structure]:
    """A page of any lines with any tables and figures, which may claim the same lines."""
    view = page(draw(st.lists(LINE, max_size=40)), skew_degrees=draw(st.floats(-5, 5)))
    some = st.frozensets(st.integers(0, max(0, len(view.lines) - 1)), max_size=5 if view.lines else 0)
    tables = [FoundTable(table(area), draw(some)) for area in draw(st.lists(AREA, max_size=2))]
    figures = [FoundFigure(area, draw(some)) for area in draw(st.lists(AREA, max_size=2))]
    return view, arranged(view, tables, figures)


@given(structures())
def test_blocks_refer_to_every_line_once_and_in_order(made: tuple[PageView, Structure]) -> None:
    view, found = made
    assert sorted(found.lines, key=repr) == sorted(view.lines, key=repr)
    assert [index for block in found.blocks for index in block.lines] == list(range(len(view.lines)))
    for block in found.blocks:
        if block.items:
            assert tuple(index for item in block.items for index in item.lines) == block.lines
        if block.kind != "table":
            written = "".join("".join(found.lines[index].text.split()) for index in block.lines)
            assert "".join(block.text.split()) == written
    assert sorted(block.table for block in found.blocks if block.table is not None) == list(range(len(found.tables)))
    assert sorted(block.figure for block in found.blocks if block.figure is not None) == list(range(len(found.figures)))
