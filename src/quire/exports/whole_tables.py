"""A document's tables, those that go on over pages in one piece."""

from __future__ import annotations

from collections.abc import Iterator

from quire.document import Document, Table
from quire.document.spanning import joined_pages


def whole_tables(document: Document) -> Iterator[tuple[int, Table]]:
    """Tables in the order of pages, each with the number of the page where it begins."""
    for page, before in zip(joined_pages(document.pages), document.pages, strict=True):
        joined = {block.table for block in before.blocks} - {block.table for block in page.blocks}
        yield from ((page.number, table) for place, table in enumerate(page.tables) if place not in joined)
