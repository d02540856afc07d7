"""Document → its tables as comma-separated values (RFC 4180), an empty line between them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from quire.document import Document, Table
from quire.document.escaping import clean
from quire.exports.whole_tables import whole_tables

_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?[\d.,\u00a0 ]*\d[%€$£]?")


def to_csv(document: Document) -> str:
    """The tables; a cell that spans stands in its first place, the other places are empty.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, as OWASP advises; a negative
    number stays as it is.
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    for place, (_, table) in enumerate(whole_tables(document)):
        if place:
            writer.writerow(())
        writer.writerows(_rows(table))
    return stream.getvalue()


def _rows(table: Table) -> Iterator[list[str]]:
    rows: dict[int, dict[int, str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, {})[cell.column] = _guarded(clean(cell.text).strip())
    for row in range(table.rows):
        cells = rows.get(row, {})
        yield [cells.get(column, "") for column in range(table.columns)]


def _guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
