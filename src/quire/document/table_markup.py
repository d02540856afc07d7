"""Tables as HTML and Markdown. Cells' text stays text: it is escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape as escape_html
from itertools import groupby
from typing import TYPE_CHECKING

from quire.document.escaping import clean, escape_markdown

if TYPE_CHECKING:
    from quire.document.tables import Cell, Table


def table_html(table: Table, *, captioned: bool = True) -> str:
    """The table on one line; header rows at the top are a `<thead>`.

    Args:
        captioned: whether it holds its caption, which is a block of the page as well.
    """
    rows = [(row, [*cells]) for row, cells in groupby(table.cells, key=lambda cell: cell.row)]
    head = header_rows(table)
    parts = [_rows([cells for row, cells in rows if row < head]), _rows([cells for row, cells in rows if row >= head])]
    caption = f"<caption>{_text(table.caption)}</caption>" if table.caption and captioned else ""
    start = f"<thead>{parts[0]}</thead>" if head else ""
    return f"<table>{caption}{start}<tbody>{parts[1]}</tbody></table>"


def table_markdown(table: Table) -> str:
    """A pipe table whose first row is its head; HTML where cells span."""
    if any(cell.row_span > 1 or cell.column_span > 1 for cell in table.cells):
        return table_html(table, captioned=False)
    rows = [[_pipe(cell.text) for cell in cells] for _, cells in groupby(table.cells, key=lambda cell: cell.row)]
    return "\n".join(_pipe_rows(rows, table.columns))


def _pipe_rows(rows: Sequence[Sequence[str]], columns: int) -> Iterator[str]:
    for place, row in enumerate(rows):
        yield f"| {' | '.join(row)} |"
        if place == 0:
            yield f"|{' --- |' * columns}"


def _pipe(text: str) -> str:
    return "<br>".join(escape_markdown(line) for line in clean(text).splitlines() if line.strip())


def header_rows(table: Table) -> int:
    """How many rows at the top hold headers alone; never all of them."""
    first = min((cell.row for cell in table.cells if not cell.header), default=0)
    return min(first, table.rows - 1)


def _rows(rows: Sequence[Sequence[Cell]]) -> str:
    return "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)


def _cell(cell: Cell) -> str:
    tag = "th" if cell.header else "td"
    spans = "".join(
        f' {name}="{span}"' for name, span in (("rowspan", cell.row_span), ("colspan", cell.column_span)) if span > 1
    )
    return f"<{tag}{spans}>{_text(cell.text)}</{tag}>"


def _text(text: str) -> str:
    return "<br>".join(escape_html(line.strip()) for line in clean(text).splitlines() if line.strip())
