"""The words for a table's structure → its cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import WORDS

from quire.layout_models.cells import cells_of


def written(text: str) -> list[str]:
    """Words of a table written as HTML, parted by commas."""
    return [f" {word}" if "span=" in word else word for word in text.split(",")]


def places(text: str) -> list[tuple[int, int, int, int]]:
    return [(cell.row, cell.column, cell.row_span, cell.column_span) for cell in cells_of(written(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "<tr>,<td></td>,<td></td>,</tr>,<tr>,<td></td>,<td></td>,</tr>",
            [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)],
            id="plain rows",
        ),
        pytest.param(
            '<tr>,<td,colspan="2",>,</td>,<td></td>,</tr>,<tr>,<td></td>,<td></td>,<td></td>,</tr>',
            [(0, 0, 1, 2), (0, 2, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1), (1, 2, 1, 1)],
            id="a cell over two columns",
        ),
        pytest.param(
            '<tr>,<td,rowspan="2",>,</td>,<td></td>,</tr>,<tr>,<td></td>,</tr>',
            [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)],
            id="a cell over two rows moves the next row's aside",
        ),
        pytest.param(
            '<tr>,<td,rowspan="2",colspan="2",>,</td>,</tr>,<tr>,<td></td>,</tr>',
            [(0, 0, 2, 2), (1, 2, 1, 1)],
            id="both ways at once",
        ),
        pytest.param(
            '<tr>,<td></td>,<td,rowspan="3",>,</td>,</tr>', [(0, 0, 1, 1), (0, 1, 1, 1)], id="no rows below the last"
        ),
        pytest.param("<tbody>,</tbody>", [], id="no cell"),
        pytest.param("<tr>,<td></td>,<td", [(0, 0, 1, 1)], id="broken off amid a cell"),
    ],
)
def test_cells_stand_where_a_browser_puts_them(text, expected) -> None:
    assert places(text) == expected


def test_cells_of_the_head_are_headers() -> None:
    found = cells_of(written("<thead>,<tr>,<td></td>,</tr>,</thead>,<tbody>,<tr>,<td></td>,</tr>,</tbody>"))

    assert [cell.header for cell in found] == [True, False]


def test_a_cell_knows_at_which_word_it_begins() -> None:
    found = cells_of(written('<tr>,<td></td>,<td,colspan="2",>,</td>,</tr>'))

    assert [cell.step for cell in found] == [1, 2]


def test_a_table_that_none_can_be_is_none() -> None:
    assert cells_of(["<tr>", *["<td", ' colspan="100"', ' rowspan="100"', ">", "</td>"] * 5] * 5) == []


@given(st.lists(st.sampled_from([*WORDS, "<td></td>", "sos"]), max_size=80))
def test_whatever_is_written_no_two_cells_begin_at_one_place(words) -> None:
    found = cells_of(words)
    starts = [(cell.row, cell.column) for cell in found]

    assert len(set(starts)) == len(starts)
    assert all(cell.row + cell.row_span <= max(row for row, _ in starts) + 1 for cell in found)
