"""Tables and figures of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quire.document.table_frame import table_frame
from quire.document.table_markup import table_html, table_markdown
from quire.geometry import Quad

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Attributes:
        row, column: of its top left corner, counted from 0.
        row_span, column_span: how many rows and columns it covers, 1 or more.
        text: a line break inside it is a newline; empty for an empty cell.
        box: pixels of the upright page.
        header: whether it names the rows below it.
    """

    row: int
    column: int
    text: str
    box: Quad
    row_span: int = 1
    column_span: int = 1
    header: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "column": self.column,
            "row_span": self.row_span,
            "column_span": self.column_span,
            "text": self.text,
            "box": self.box,
            "header": self.header,
        }


@dataclass(frozen=True, slots=True)
class Table:
    """A table: every place of its grid is covered by exactly one cell, row by row.

    Attributes:
        rows, columns: size of the grid.
        caption: the text that names it, None where there is none.
        continues: whether it goes on from the last table of the page before.
    """

    box: Quad
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    caption: str | None = None
    continues: bool = False

    @property
    def text(self) -> str:
        """Rows one below the other, a tab between cells: what the table's block says."""
        rows: list[list[str]] = [[] for _ in range(self.rows)]
        for cell in self.cells:
            rows[cell.row].append(" ".join(cell.text.split()))
        return "\n".join("\t".join(row) for row in rows)

    @property
    def html(self) -> str:
        """`<table>` with `rowspan`, `colspan` and `<th>`, its text escaped."""
        return table_html(self)

    @property
    def markdown(self) -> str:
        """A pipe table; HTML where cells span rows or columns, which Markdown cannot say."""
        return table_markdown(self)

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame of texts. Header rows at the top name its columns, several of them in levels.

        Raises:
            ImportError: pandas is not installed.
        """
        return table_frame(self)

    def to_dict(self) -> dict[str, Any]:
        return {
            "box": self.box,
            "rows": self.rows,
            "columns": self.columns,
            "cells": [cell.to_dict() for cell in self.cells],
            "caption": self.caption,
            "continues": self.continues,
            "html": self.html,
            "markdown": self.markdown,
        }


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, chart or drawing on a page.

    Attributes:
        id: unique in the document, such as "p3-f1": the address of its picture ends in it.
        caption: the text that names it, None where there is none.
        text: what is written inside it, in reading order.
    """

    id: str
    box: Quad
    caption: str | None
    text: str

    def to_dict(self) -> dict[str, Any]:
        return {"id": self.id, "box": self.box, "caption": self.caption, "text": self.text}
