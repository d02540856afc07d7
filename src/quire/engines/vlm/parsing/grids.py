"""Rows of cells → a grid that is covered without gaps and overlaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from quire.engines.vlm.parsing.pieces import Grid, GridCell

MAX_PLACES: Final = 50_000
"""Rows × columns of the largest table; more is a model gone astray."""

_MAX_COLUMNS: Final = 500


class RawCell(NamedTuple):
    """A cell as it is written: its place follows from those before it."""

    text: str
    row_span: int = 1
    column_span: int = 1
    header: bool = False


def grid_of(rows: Sequence[Sequence[RawCell]], caption: str | None = None) -> Grid | None:
    """The table that HTML would make of rows of cells; None for one without cells, or too large.

    Spans that reach below the last row end there; where a cell would overlap one from above, it is narrower.
    """
    rows = [*rows]
    while rows and not rows[-1]:
        rows.pop()
    taken: dict[tuple[int, int], GridCell] = {}
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            if column >= _MAX_COLUMNS:
                break
            column = _put(taken, row, column, cell, len(rows))
            if len(taken) > MAX_PLACES:
                return None
    return _filled(taken, len(rows), caption)


def _put(taken: dict[tuple[int, int], GridCell], row: int, column: int, cell: RawCell, rows: int) -> int:
    """Covers the cell's places; the column after it."""
    end = column + 1
    widest = min(column + max(1, cell.column_span), _MAX_COLUMNS)
    while end < widest and (row, end) not in taken:
        end += 1
    height = min(max(1, cell.row_span), rows - row, MAX_PLACES // (end - column))
    placed = GridCell(row, column, cell.text, height, end - column, cell.header)
    for place in ((r, c) for r in range(row, row + height) for c in range(column, end)):
        taken[place] = placed
    return end


def _filled(taken: dict[tuple[int, int], GridCell], rows: int, caption: str | None) -> Grid | None:
    if not taken:
        return None
    columns = 1 + max(column for _, column in taken)
    if rows * columns > MAX_PLACES:
        return None
    return Grid(rows, columns, tuple(_in_order(taken, rows, columns)), caption)


def _in_order(taken: dict[tuple[int, int], GridCell], rows: int, columns: int) -> Iterable[GridCell]:
    for row in range(rows):
        for column in range(columns):
            cell = taken.get((row, column)) or GridCell(row, column, "")
            if (cell.row, cell.column) == (row, column):
                yield cell
