"""Answers on parts of a page → one page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from quire.document import Block, Cell, Figure, Line, Table
from quire.engines.vlm.parsing.parsed import Parsed
from quire.geometry import Point, Quad


def composed(parts: Iterable[tuple[Parsed, Point]]) -> Parsed:
    """The parts in their order, as one; each comes with the place of its top left corner on the page, pixels."""
    whole = _Whole()
    for parsed, (dx, dy) in parts:
        whole.add(parsed, dx, dy)
    return whole.parsed()


class _Whole:
    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._blocks: list[Block] = []
        self._tables: list[Table] = []
        self._figures: list[Figure] = []
        self._warnings: dict[str, None] = {}
        self._valid = True

    def add(self, part: Parsed, dx: float, dy: float) -> None:
        self._blocks.extend([self._moved_block(block, dx, dy) for block in part.blocks])
        self._lines.extend(replace(line, box=_moved(line.box, dx, dy)) for line in part.lines)
        self._tables.extend(_moved_table(table, dx, dy) for table in part.tables)
        self._figures.extend(
            [
                replace(figure, id=f"f{place}", box=_moved(figure.box, dx, dy))
                for place, figure in enumerate(part.figures, len(self._figures) + 1)
            ]
        )
        self._warnings.update(dict.fromkeys(part.warnings))
        self._valid = self._valid and part.valid

    def parsed(self) -> Parsed:
        return Parsed(
            tuple(self._lines),
            tuple(self._blocks),
            tuple(self._tables),
            tuple(self._figures),
            tuple(self._warnings),
            self._valid,
        )

    def _moved_block(self, block: Block, dx: float, dy: float) -> Block:
        before = len(self._lines)
        return replace(
            block,
            box=_moved(block.box, dx, dy),
            lines=tuple(before + line for line in block.lines),
            items=tuple(replace(item, lines=tuple(before + line for line in item.lines)) for item in block.items),
            table=None if block.table is None else len(self._tables) + block.table,
            figure=None if block.figure is None else len(self._figures) + block.figure,
        )


def _moved(quad: Quad, dx: float, dy: float) -> Quad:
    (a, b, c, d) = ((round(x + dx, 1), round(y + dy, 1)) for x, y in quad)
    return (a, b, c, d)


def _moved_table(table: Table, dx: float, dy: float) -> Table:
    cells: tuple[Cell, ...] = tuple(replace(cell, box=_moved(cell.box, dx, dy)) for cell in table.cells)
    return replace(table, box=_moved(table.box, dx, dy), cells=cells)
