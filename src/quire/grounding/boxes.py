"""Boxes of blocks and table cells out of their lines' boxes, for models that do not say where things stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from quire.document import Block, Cell, Table
from quire.geometry import Quad, union_box
from quire.grounding.ground import Grounded


def boxed_blocks(grounded: Grounded, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks around their lines, where at least half of these were seen; else the box stays."""
    return tuple(replace(block, box=_around(grounded, block.lines, block.box)) for block in blocks)


def boxed_tables(grounded: Grounded, blocks: Sequence[Block], tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables and their cells around their text; an empty cell keeps its box.

    Args:
        blocks: each table's block lists the table's lines cell by cell, one for each row of a cell's text. One that
            has another number of lines leaves its table's cells as they are.
    """
    own = {block.table: block.lines for block in blocks if block.table is not None}
    return tuple(_table(grounded, table, own.get(place, ())) for place, table in enumerate(tables))


def _table(grounded: Grounded, table: Table, lines: Sequence[int]) -> Table:
    cells = tuple(_cells(grounded, table.cells, lines)) if len(lines) == sum(map(_rows, table.cells)) else table.cells
    return replace(table, box=_around(grounded, lines, table.box), cells=cells)


def _cells(grounded: Grounded, cells: Sequence[Cell], lines: Sequence[int]) -> Iterator[Cell]:
    at = 0
    for cell in cells:
        after = at + _rows(cell)
        yield replace(cell, box=_around(grounded, lines[at:after], cell.box))
        at = after


def _rows(cell: Cell) -> int:
    return sum(1 for row in cell.text.split("\n") if row.strip())


def _around(grounded: Grounded, lines: Sequence[int], otherwise: Quad) -> Quad:
    seen = [grounded.lines[line].box for line in lines if line in grounded.placed]
    return union_box(seen) if seen and 2 * len(seen) >= len(lines) else otherwise
