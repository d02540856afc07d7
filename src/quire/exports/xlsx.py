"""Document → a workbook (Office Open XML) with one sheet for each table."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import xlsxwriter

from quire.document import Cell, Document, Table
from quire.exports.markup import forbidden_removed
from quire.exports.whole_tables import whole_tables

_ROWS, _COLUMNS, _LETTERS = 1_048_576, 16_384, 32_767
"""The most that a sheet and a cell hold."""

_MOST_SHEETS: Final = 2_000
_WIDTHS: Final = (6, 60)
_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,2}(?:,\d{3}){1,4}|[1-9]\d{0,14})(?:\.\d{1,12})?")
"""Digits that mean the same in every program; "007", "1.234.567" and "12,5" stay text."""

_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


def to_xlsx(document: Document) -> bytes:
    """The workbook; a document without tables has one empty sheet. The same document gives the same bytes.

    Numbers are numbers, all else is text: nothing out of a document becomes a formula or a link.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": _EPOCH})
    formats = {
        header: book.add_format({"text_wrap": True, "valign": "top", "border": 1, "bold": header})
        for header in (False, True)
    }
    tables = [*islice(whole_tables(document), _MOST_SHEETS)]
    for place, (number, table) in enumerate(tables, start=1):
        _fill(book.add_worksheet(f"Table {place}, page {number}"), table, formats)
    if not tables:
        book.add_worksheet("No tables")
    book.close()
    return stream.getvalue()


def _fill(sheet: Any, table: Table, formats: dict[bool, Any]) -> None:
    widths: dict[int, int] = {}
    for cell in table.cells:
        if cell.row + cell.row_span > _ROWS or cell.column + cell.column_span > _COLUMNS:
            continue
        _write(sheet, cell, formats[cell.header])
        if cell.column_span == 1:
            longest = max((len(line) for line in cell.text.splitlines()), default=0)
            widths[cell.column] = max(widths.get(cell.column, 0), longest)
    for column, width in widths.items():
        sheet.set_column(column, column, min(max(width + 2, _WIDTHS[0]), _WIDTHS[1]))


def _write(sheet: Any, cell: Cell, style: Any) -> None:
    if cell.row_span > 1 or cell.column_span > 1:
        last = cell.row + cell.row_span - 1, cell.column + cell.column_span - 1
        sheet.merge_range(cell.row, cell.column, *last, "", style)
    text = forbidden_removed(cell.text).strip()[:_LETTERS]
    if _NUMBER.fullmatch(text):
        sheet.write_number(cell.row, cell.column, float(text.replace(",", "")), style)
    else:
        sheet.write_string(cell.row, cell.column, text, style)
