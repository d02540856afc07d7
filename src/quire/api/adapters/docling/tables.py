"""A table in the form of DoclingDocument."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from quire.api.adapters.docling.places import Json
from quire.document import Cell, Table
from quire.geometry import Quad

_MAX_GRID: Final = 100_000
"""Places of a grid that are written out; a reader makes those of a larger one of the cells."""


def table_data(table: Table, box_of: Callable[[Quad], Json]) -> Json:
    """The cells, one by one and as a grid, where a cell stands at every place that it covers."""
    cells = [_cell(cell, box_of) for cell in table.cells]
    data: Json = {"table_cells": cells, "num_rows": table.rows, "num_cols": table.columns}
    if table.rows * table.columns > _MAX_GRID:
        return data
    grid: list[list[Json]] = [[{} for _ in range(table.columns)] for _ in range(table.rows)]
    for cell, told in zip(table.cells, cells, strict=True):
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                grid[row][column] = told
    return data | {"grid": grid}


def _cell(cell: Cell, box_of: Callable[[Quad], Json]) -> Json:
    return {
        "bbox": box_of(cell.box),
        "row_span": cell.row_span,
        "col_span": cell.column_span,
        "start_row_offset_idx": cell.row,
        "end_row_offset_idx": cell.row + cell.row_span,
        "start_col_offset_idx": cell.column,
        "end_col_offset_idx": cell.column + cell.column_span,
        "text": cell.text,
        "column_header": cell.header,
        "row_header": False,
        "row_section": False,
    }
