"""What only the whole document tells: heading levels, repeated headers and footers, what goes on over pages."""

from __future__ import annotations

from dataclasses import replace

from quire.document import Document, Page, Table
from quire.layout.continuing import Continuation
from quire.layout.survey import Survey, survey

_NOTHING = Continuation()


def refine(document: Document) -> Document:
    """The document with what its pages say about each other; refining again changes nothing."""
    if len(document.pages) < 2:
        return document
    found = survey(document.pages, document.metadata.outline)
    return replace(document, pages=tuple(refined(page, found) for page in document.pages))


def refined(page: Page, found: Survey) -> Page:
    """One page, with what the survey of all pages says about it; the same object when that is nothing."""
    margins, levels = found.margins.get(page.number, {}), found.levels.get(page.number, {})
    goes_on = found.continuations.get(page.number, _NOTHING)
    if not margins and not levels and goes_on is _NOTHING:
        return page
    blocks = [*page.blocks]
    for index, kind in margins.items():
        blocks[index] = replace(blocks[index], kind=kind, level=None, continues=False)
    for index, level in levels.items():
        blocks[index] = replace(blocks[index], kind="heading", level=level)
    for place in (goes_on.block, goes_on.table_block):
        if place is not None:
            blocks[place] = replace(blocks[place], continues=True)
    if tuple(blocks) == page.blocks and goes_on.table is None:
        return page
    return replace(page, blocks=tuple(blocks), tables=_tables(page.tables, goes_on))


def _tables(tables: tuple[Table, ...], goes_on: Continuation) -> tuple[Table, ...]:
    if goes_on.table is None:
        return tables
    return tuple(_continued(table, goes_on) if index == goes_on.table else table for index, table in enumerate(tables))


def _continued(table: Table, goes_on: Continuation) -> Table:
    """The table as the rest of the one before; a header that is printed once more is marked as one."""
    cells = table.cells
    if goes_on.repeats_head:
        cells = tuple(replace(cell, header=True) if cell.row == 0 else cell for cell in cells)
    return replace(table, cells=cells, continues=True)
