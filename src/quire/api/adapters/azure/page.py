"""One page of an analysed document, block by block."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from quire.api.adapters.azure.content import Content, Span
from quire.api.adapters.azure.lines import PageLines
from quire.api.adapters.azure.place import Json, Place
from quire.api.adapters.azure.tables import TableWriter
from quire.api.adapters.azure.written import Written, as_html, as_markdown, as_text
from quire.api.adapters.lean import LeanPage
from quire.geometry import bounds

_MAX_PAIRS: Final = 250_000
"""Of lines and cells: which line stands in which cell of a table is told for up to so many."""

_ROLES: Final = {
    "title": "title",
    "heading": "sectionHeading",
    "header": "pageHeader",
    "footer": "pageFooter",
    "page_number": "pageNumber",
    "footnote": "footnote",
    "formula": "formulaBlock",
}
_COMMENTS: Final = {"header": "PageHeader", "footer": "PageFooter", "page_number": "PageNumber"}


@dataclass(frozen=True, slots=True)
class Parts:
    """What the pages of a document are made of, as JSON."""

    paragraphs: list[Json] = field(default_factory=list)
    tables: list[Json] = field(default_factory=list)
    figures: list[Json] = field(default_factory=list)


class PageWriter:
    """Writes a page into the content.

    Args:
        place: measures it.
        parts: gets what the page has of these.
        markdown: whether headings, tables and the like are marked up.
        layout: whether there are tables and figures.
    """

    def __init__(
        self, content: Content, page: LeanPage, place: Place, parts: Parts, *, markdown: bool, layout: bool
    ) -> None:
        self._content = content
        self._page = page
        self._place = place
        self._parts = parts
        self._markdown = markdown
        self._layout = layout
        self._lines = PageLines(page, place)
        self._start = content.length

    def write(self) -> Json:
        """The page, as JSON."""
        blocks, lines = self._page.blocks, self._page.lines
        for block in blocks:
            self._block(block)
        placed = {index for block in blocks for index in block["lines"]}
        for index, line in enumerate(lines):
            if index not in placed:
                self._paragraph({"kind": "paragraph", "lines": [index], "box": line.box})
        return self._place.to_dict() | {
            "spans": [self._content.since(self._start)],
            "words": self._lines.words,
            "lines": self._lines.found,
        }

    def _block(self, block: Mapping[str, Any]) -> None:
        if self._layout and block["table"] is not None:
            self._table(block, self._page.tables[block["table"]])
        elif self._layout and block["figure"] is not None:
            self._figure(block, self._page.figures[block["figure"]])
        else:
            self._paragraph(block)

    def _paragraph(self, block: Mapping[str, Any]) -> None:
        before, after = self._marks(block)
        self._begin(before)
        start = self._content.length
        text = self._text(block, escape=as_html if after else as_markdown)
        span = self._content.since(start)
        self._mark(after)
        if text:
            self._add_paragraph(text, span, self._place.region(block["box"]), _ROLES.get(block["kind"]))

    def _marks(self, block: Mapping[str, Any]) -> tuple[str, str]:
        """What stands before a block, and behind it."""
        kind = block["kind"]
        if kind in _COMMENTS:
            return f'<!-- {_COMMENTS[kind]}="', '" -->'
        depth = 1 if kind == "title" else 1 + (block["level"] or 1) if kind == "heading" else 0
        return "#" * depth + " " * (depth > 0), ""

    def _text(self, block: Mapping[str, Any], escape: Callable[[str], Sequence[str]]) -> str:
        """Writes the lines of a block, or its text where it has none; what was written, as one line."""
        escape = escape if self._markdown else as_text
        texts = [self._lines.text(index) for index in block["lines"]] or block.get("text", "").splitlines()
        for place, text in enumerate(texts):
            self._content.add("\n" if place else "")
            written = Written(self._content, text, escape(text))
            if block["lines"]:
                self._lines.add(block["lines"][place], written)
        return " ".join(texts)

    def _figure(self, block: Mapping[str, Any], figure: Mapping[str, Any]) -> None:
        self._begin("<figure>\n")
        start = self._content.length
        self._text(block, escape=as_html)
        found = {
            "id": f"{self._page.number}.{figure['id'].rpartition('f')[2]}",
            "boundingRegions": [self._place.region(figure["box"])],
            "spans": [self._content.since(start)],
        }
        self._mark("\n</figure>")
        self._parts.figures.append(found)

    def _table(self, block: Mapping[str, Any], table: Mapping[str, Any]) -> None:
        self._begin()
        writer = TableWriter(self._content, self._place, self._add_paragraph, markdown=self._markdown)
        self._parts.tables.append(writer.write(table))
        boxes = [bounds([cell["box"]]) for cell in table["cells"]]
        told = len(boxes) * len(block["lines"]) <= _MAX_PAIRS
        cells = [*zip(boxes, writer.cells, strict=True)] if told else []
        for index in block["lines"]:
            self._lines.add_within(index, cells)

    def _add_paragraph(self, text: str, span: Span, region: Json, role: str | None = None) -> str:
        told = {"spans": [span], "boundingRegions": [region], "content": text}
        self._parts.paragraphs.append(told | ({"role": role} if role else {}))
        return f"/paragraphs/{len(self._parts.paragraphs) - 1}"

    def _begin(self, markup: str = "") -> None:
        """Parts a block from what the page has before it."""
        if self._content.length > self._start:
            self._content.add("\n\n" if self._markdown else "\n")
        self._mark(markup)

    def _mark(self, markup: str) -> None:
        self._content.add(markup if self._markdown else "")
