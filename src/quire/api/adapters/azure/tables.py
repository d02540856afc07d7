"""A table within the content, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from quire.api.adapters.azure.content import Content, Span
from quire.api.adapters.azure.place import Json, Place
from quire.api.adapters.azure.written import Written, as_html, as_text

AddParagraph = Callable[[str, Span, Json], str]
"""Takes text, span and region, and says under which name it can be referred to."""

_SPANS: Final = (("rowspan", "row_span"), ("colspan", "column_span"))


class TableWriter:
    """Writes one table.

    Args:
        markdown: whether it is written as HTML, as Markdown holds tables with spans; else a line for each cell.

    Attributes:
        cells: what was written for each of the table's cells, once `write` is done.
    """

    def __init__(self, content: Content, place: Place, add_paragraph: AddParagraph, *, markdown: bool) -> None:
        self._content = content
        self._place = place
        self._add_paragraph = add_paragraph
        self._markdown = markdown
        self.cells: list[Written] = []

    def write(self, table: Mapping[str, Any]) -> Json:
        """The table, as JSON."""
        start = self._content.length
        self._mark("<table>\n")
        cells = [*self._rows(table["cells"])]
        self._mark("</table>")
        return {
            "rowCount": table["rows"],
            "columnCount": table["columns"],
            "cells": cells,
            "boundingRegions": [self._place.region(table["box"])],
            "spans": [self._content.since(start)],
        }

    def _rows(self, cells: Sequence[Mapping[str, Any]]) -> Iterator[Json]:
        for _, row in groupby(cells, key=lambda cell: cell["row"]):
            self._mark("<tr>\n")
            for cell in row:
                yield self._cell(cell)
            self._mark("</tr>\n")

    def _cell(self, cell: Mapping[str, Any]) -> Json:
        tag = "th" if cell["header"] else "td"
        spans = [f' {name}="{cell[key]}"' for name, key in _SPANS if cell[key] > 1]
        self._mark(f"<{tag}{''.join(spans)}>")
        written = Written(self._content, cell["text"], (as_html if self._markdown else as_text)(cell["text"]))
        self._content.add(f"</{tag}>\n" if self._markdown else "\n" if cell["text"] else "")
        self.cells.append(written)
        region = self._place.region(cell["box"])
        stands = [written.whole()] if cell["text"] else []
        found: Json = {
            "kind": "columnHeader" if cell["header"] else "content",
            "rowIndex": cell["row"],
            "columnIndex": cell["column"],
            "rowSpan": cell["row_span"],
            "columnSpan": cell["column_span"],
            "content": cell["text"],
            "boundingRegions": [region],
            "spans": stands,
        }
        elements = [self._add_paragraph(cell["text"], span, region) for span in stands]
        return found | ({"elements": elements} if elements else {})

    def _mark(self, markup: str) -> None:
        self._content.add(markup if self._markdown else "")
