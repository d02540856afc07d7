"""What goes on over pages, in one piece on the page where it begins: for text that reads on, such as Markdown's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from quire.document.flow import joined
from quire.document.markdown import joined_items
from quire.document.tables import Table

if TYPE_CHECKING:
    from quire.document.blocks import Block, BlockKind
    from quire.document.page import Page

_MAX_PAGES: Final = 20
"""Over how many pages one paragraph or table is followed: joining them costs more with each."""


class _Home(NamedTuple):
    """Where the latest block of a kind stands: positions of its page and among that page's blocks."""

    page: int
    block: int


def joined_pages(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The pages with each continuation added to what it goes on from, and gone from its own page.

    Boxes and lines stay those of the first page, so these pages are good for their text alone.
    """
    if not any(block.continues for page in pages[1:] for block in page.blocks):
        return tuple(pages)
    homes: dict[BlockKind, _Home] = {}
    result: list[Page] = []
    for place, page in enumerate(pages):
        kept: list[Block] = []
        for block in page.blocks:
            home = homes.get(block.kind)
            if block.continues and home and 0 < place - home.page <= _MAX_PAGES:
                result[home.page] = _with(result[home.page], home.block, block, page)
            else:
                homes[block.kind] = _Home(place, len(kept))
                kept.append(block)
        result.append(replace(page, blocks=tuple(kept)))
    return tuple(result)


def _with(page: Page, index: int, rest: Block, rest_page: Page) -> Page:
    """The page with the rest of one of its blocks, which another page holds."""
    block = page.blocks[index]
    tables = page.tables
    if block.table is not None and rest.table is not None:
        whole = joined_tables(tables[block.table], rest_page.tables[rest.table])
        tables = (*tables[: block.table], whole, *tables[block.table + 1 :])
        text = f"{block.text}\n{rest.text}"
    else:
        text = joined(block.text, rest.text)
    items = joined_items(block.items, tuple(replace(item, lines=()) for item in rest.items))
    blocks = (*page.blocks[:index], replace(block, text=text, items=items), *page.blocks[index + 1 :])
    return replace(page, blocks=blocks, tables=tables)


def joined_tables(first: Table, rest: Table) -> Table:
    """Both as one table of the first one's columns; a header that the rest repeats is left out."""
    repeated = _repeated_rows(first, rest)
    down = first.rows - repeated
    cells = tuple(replace(cell, row=cell.row + down) for cell in rest.cells if cell.row >= repeated)
    return replace(first, rows=down + rest.rows, cells=first.cells + cells)


def _repeated_rows(first: Table, rest: Table) -> int:
    """How many header rows at the top of the rest say what the first table's say."""
    count = 0
    for ours, theirs in zip(_header_rows(first), _header_rows(rest), strict=False):
        if ours != theirs:
            break
        count += 1
    return min(count, rest.rows)


def _header_rows(table: Table) -> Iterable[list[str]]:
    for _, row in groupby(table.cells, lambda cell: cell.row):
        cells = [*row]
        if not all(cell.header and cell.row_span == 1 for cell in cells):
            return
        yield ["".join(cell.text.split()).casefold() for cell in cells]
