"""What holds for every table, whatever the page."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from tabular import grid, page, table_lines, texts

from quire.document import Line
from quire.geometry import Box
from quire.layout.tables import find_tables
from quire.layout.tables.grid import Area, partition
from quire.view import PageView, Rule

coordinates = st.integers(0, 400)
words = st.sampled_from(["12", "3.4", "no", "Total", "a longer text", "—", "(5)", "......"])
lines = st.builds(
    lambda text, x, y: Line(text, Box(x, y, x + 7 * len(text), y + 12).quad, 1.0), words, coordinates, coordinates
)
snapped = st.integers(0, 10).map(lambda place: 40 * place)
rules = st.builds(
    lambda a, b, at, across: Rule(a, at, b, at) if across else Rule(at, a, at, b),
    snapped, snapped, snapped, st.booleans(),
)  # fmt: skip


@given(st.lists(lines, max_size=60), st.lists(rules, max_size=25), st.floats(-3, 3))
def test_cells_cover_each_place_once_and_hold_all_letters_of_their_lines(
    found: list[Line], drawn: list[Rule], skew: float
) -> None:
    tables = find_tables(PageView(500, 500, None, skew, tuple(found), rules=tuple(drawn)))
    claimed = [index for table in tables for index in table.lines]
    assert len(claimed) == len(set(claimed))
    for one in tables:
        places = Counter(
            (row, column)
            for cell in one.table.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        )
        assert places == Counter((r, c) for r in range(one.table.rows) for c in range(one.table.columns))
        told = sorted("".join(cell.text.replace(" ", "") for cell in one.table.cells))
        assert told == sorted("".join(found[index].text.replace(" ", "") for index in one.lines))


@given(
    st.integers(2, 8),
    st.integers(2, 6),
    st.data(),
)
def test_a_ruled_grid_is_read_back(row_count: int, column_count: int, data: st.DataObject) -> None:
    cell = st.sampled_from(["Arles", "red", "17", "4.25", "two words"])
    rows = [[data.draw(cell) for _ in range(column_count)] for _ in range(row_count)]
    xs = [100.0 + 130 * i for i in range(column_count + 1)]
    ys = [193.0 + 30 * i for i in range(row_count + 1)]
    (table,) = find_tables(page([*table_lines(rows, [x + 10 for x in xs[:-1]])], grid(xs, ys)))
    assert texts(table.table) == rows


areas = st.builds(
    lambda r, c, h, w: Area(r, c, r + h, c + w),
    st.integers(0, 4),
    st.integers(0, 4),
    st.integers(0, 3),
    st.integers(0, 3),
)


@given(st.lists(areas, max_size=12))
def test_a_partition_covers_each_place_once(given_areas: list[Area]) -> None:
    parts = partition(8, 8, given_areas)
    places = Counter((r, c) for a in parts for r in range(a.row, a.row_end) for c in range(a.column, a.column_end))
    assert places == Counter((r, c) for r in range(8) for c in range(8))
