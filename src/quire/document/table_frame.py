"""Tables as data frames of pandas, which is loaded when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quire.document.table_markup import header_rows

if TYPE_CHECKING:
    import pandas

    from quire.document.tables import Table


def table_frame(table: Table) -> pandas.DataFrame:
    """The table's texts; a cell that spans stands in each place that it covers.

    Raises:
        ImportError: pandas is not installed.
    """
    try:
        import pandas
    except ImportError as exc:
        raise ImportError("Table.to_pandas() needs pandas: pip install 'quire-ocr[pandas]'") from exc
    grid = _grid(table)
    head = header_rows(table)
    if not head:
        return pandas.DataFrame(grid)
    columns = grid[0] if head == 1 else pandas.MultiIndex.from_arrays(grid[:head])
    return pandas.DataFrame(grid[head:], columns=columns)


def _grid(table: Table) -> list[list[str]]:
    grid = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        for row in grid[cell.row : cell.row + cell.row_span]:
            places = range(cell.column, min(cell.column + cell.column_span, table.columns))
            row[places.start : places.stop] = [cell.text] * len(places)
    return grid
