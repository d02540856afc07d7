"""Structure by the regions that a layout model saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from views import column, line, page

from quire.document import Block, BlockKind, Line
from quire.geometry import Box, bounds
from quire.layout import analyse
from quire.layout.base import Structure
from quire.view import Region, RegionCell

LEFT, RIGHT = Box(55, 95, 480, 320), Box(545, 95, 970, 320)


def seen(lines: Sequence[Line], *regions: Region) -> Structure:
    return analyse(replace(page(lines), regions=regions), 1)


def around(kind: BlockKind, lines: Sequence[Line], *cells: RegionCell) -> Region:
    """A region a few pixels larger than these lines."""
    box = bounds([one.box for one in lines])
    return Region(kind, Box(box.x0 - 4, box.y0 - 4, box.x1 + 4, box.y1 + 4), cells)


def kinds(structure: Structure) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text.split("\n")[0][:16]) for block in structure.blocks]


def first(structure: Structure, kind: BlockKind) -> Block:
    return next(block for block in structure.blocks if block.kind == kind)


def test_blocks_come_in_the_models_order() -> None:
    left, right = column(60, 100), [line(f"column two row {row}", 550, 100 + 26 * row) for row in range(8)]

    assert (
        seen([*left, *right], Region("paragraph", RIGHT), Region("paragraph", LEFT))
        .blocks[0]
        .text.startswith("column two")
    )
    assert (
        seen([*left, *right], Region("paragraph", LEFT), Region("paragraph", RIGHT))
        .blocks[0]
        .text.startswith("the harbour")
    )


@pytest.mark.parametrize("kind", ["title", "heading", "footnote", "formula", "code", "caption"])
def test_kinds_are_the_models(kind: BlockKind) -> None:
    above, text = [line("plain words", 60, 60)], column(60, 100)
    structure = seen([*above, *text], around(kind, above), around("paragraph", text))

    assert kinds(structure) == [(kind, "plain words"), ("paragraph", "the harbour was ")]
    assert structure.blocks[0].level == (1 if kind == "heading" else None)


def test_headers_and_footers_stand_outside() -> None:
    text, head, foot = column(60, 100), [line("running title", 60, 30)], [line("17", 500, 1350)]
    structure = seen(
        [*text, *head, *foot], around("page_number", foot), around("paragraph", text), around("header", head)
    )

    assert [block.kind for block in structure.blocks] == ["header", "paragraph", "page_number"]


def test_levels_of_headings_follow_their_numbers() -> None:
    one, two = [line("1 Boats", 60, 60)], [line("1.1 Sails", 60, 400)]
    text, more = column(60, 100), column(60, 440)
    structure = seen(
        [*one, *text, *two, *more],
        around("heading", one),
        around("paragraph", text),
        around("heading", two),
        around("paragraph", more),
    )

    assert [block.level for block in structure.blocks] == [1, None, 2, None]


def test_a_picture_is_where_the_model_saw_one_with_what_is_written_in_it() -> None:
    labels, caption, text = [line("north", 300, 300)], [line("The coast", 250, 510)], column(60, 700)
    figure = Region("figure", Box(200, 200, 600, 500))
    structure = seen([*labels, *caption, *text], around("caption", caption), figure, around("paragraph", text))

    assert kinds(structure)[:2] == [("figure", "north"), ("caption", "The coast")]
    (found,) = structure.figures
    assert (found.id, found.caption, found.text) == ("p1-f1", "The coast", "north")
    assert bounds([found.box]) == (200, 200, 600, 500)


def grid(*, pitch_x: float = 200, pitch_y: float = 30) -> list[Line]:
    """Three rows and two columns of words."""
    words = ("Boat", "Sails", "Alma", "4", "Dora", "11")
    return [line(word, 100 + pitch_x * (n % 2), 400 + pitch_y * (n // 2)) for n, word in enumerate(words)]


def cell(row: int, col: int, rows: int = 1, columns: int = 1, *, header: bool = False) -> RegionCell:
    x, y = 90 + 200 * col, 396 + 30 * row
    return RegionCell(row, col, rows, columns, Box(x, y, x + 200 * columns - 10, y + 30 * rows - 4), header)


CELLS = (cell(0, 0, header=True), cell(0, 1, header=True), cell(1, 0), cell(1, 1), cell(2, 0), cell(2, 1))


def texts(structure: Structure) -> list[tuple[int, int, str]]:
    return [(one.row, one.column, one.text) for one in structure.tables[0].cells]


WHOLE = [(0, 0, "Boat"), (0, 1, "Sails"), (1, 0, "Alma"), (1, 1, "4"), (2, 0, "Dora"), (2, 1, "11")]


@pytest.mark.parametrize("cells", [CELLS, ()], ids=["cells as the network saw them", "cells by geometry"])
def test_a_table_is_where_the_model_saw_one(cells) -> None:
    words, text = grid(), column(60, 100)
    structure = seen([*text, *words], around("paragraph", text), around("table", words, *cells))

    assert [block.kind for block in structure.blocks] == ["paragraph", "table"]
    assert texts(structure) == WHOLE
    assert structure.blocks[1].text == "Boat\tSails\nAlma\t4\nDora\t11"


def test_cells_that_span_and_the_head_are_the_networks() -> None:
    words = [line("Boats and sails", 150, 400), *grid()[2:]]
    cells = (cell(0, 0, 1, 2, header=True), *CELLS[2:])
    (table,) = seen(words, around("table", words, *cells)).tables

    assert [(one.row_span, one.column_span, one.header, one.text) for one in table.cells][:2] == [
        (1, 2, True, "Boats and sails"),
        (1, 1, False, "Alma"),
    ]
    assert table.html.startswith("<table><thead><tr><th colspan")


def test_words_that_stand_together_are_one_cells_though_its_box_is_short() -> None:
    words = [line("Alma and Dora", 100, 400), line("11", 300, 400), *grid()[2:4]]
    short = RegionCell(0, 0, 1, 1, Box(90, 396, 180, 422), header=False)
    found = seen(words, around("table", words, short, *(replace(one, header=False) for one in CELLS[1:4])))

    assert texts(found)[:2] == [(0, 0, "Alma and Dora"), (0, 1, "11")]


def test_a_line_read_across_two_cells_is_parted_by_them() -> None:
    words = [line("Boat Sails", 226, 400), *grid()[2:]]

    assert texts(seen(words, around("table", words, *CELLS)))[:2] == [(0, 0, "Boat"), (0, 1, "Sails")]


def test_cells_beside_the_words_are_not_believed() -> None:
    words = grid()
    aside = tuple(replace(one, box=Box(800, 900, 820, 910)) for one in CELLS)

    assert texts(seen(words, around("table", words, *aside))) == WHOLE


def test_a_table_of_running_text_is_text() -> None:
    text = column(60, 100, 1)
    structure = seen(text, around("table", text))

    assert [block.kind for block in structure.blocks] == ["paragraph"]


def test_text_that_the_model_missed_stands_where_it_belongs() -> None:
    text, missed, more = column(60, 100), [line("nobody saw this", 60, 400)], column(60, 500)
    structure = seen([*more, *missed, *text], around("paragraph", text), around("paragraph", more))

    assert [block.text[:6] for block in structure.blocks] == ["the ha", "nobody", "the ha"]


def test_lists_inside_a_region_are_found() -> None:
    items = [line(f"{n}. a boat with {n} sails", 60, 100 + 30 * n) for n in range(1, 5)]

    assert [item.marker for item in first(seen(items, around("paragraph", items)), "list").items] == [
        "1.", "2.", "3.", "4.",
    ]  # fmt: skip


def test_a_model_that_misses_most_of_the_text_is_not_believed() -> None:
    lines = [*column(60, 100), *column(560, 100)]
    told = seen(lines, around("heading", lines[:2]))

    assert told == analyse(page(lines), 1)


def test_a_tilted_page_is_laid_out_as_well() -> None:
    words = grid()
    tilted = [replace(one, box=tuple((x - 0.02 * y, y + 0.02 * x) for x, y in one.box), words=()) for one in words]
    box = bounds([one.box for one in tilted])
    view = replace(page(tilted, skew_degrees=1.15), regions=(Region("table", box),))

    assert texts(analyse(view, 1)) == WHOLE


edges = st.tuples(st.floats(0, 1000), st.floats(0, 1400))
any_region = st.builds(
    lambda kind, one, other: Region(
        kind, Box(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))
    ),
    st.sampled_from(["paragraph", "heading", "table", "figure", "caption", "footer", "title", "code"]),
    edges,
    edges,
)
STUFF = [*column(60, 100), *column(560, 100), *grid(), line("Table 1: boats", 100, 340), line("- 7 -", 480, 1360)]


@given(st.lists(any_region, max_size=8))
def test_whatever_the_model_sees_every_line_stands_in_one_block(regions) -> None:
    structure = seen(STUFF, *regions)
    placed = sorted(index for block in structure.blocks for index in block.lines)

    assert placed == list(range(len(structure.lines)))
    assert sorted(one.text for one in structure.lines) == sorted(one.text for one in STUFF)
