"""Parts of a page → one page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from quire.document import Block, Figure, Line, Table
from quire.geometry import Point, Quad
from quire.layout import Structure


def composed(parts: Iterable[tuple[Structure, Point]], number: int) -> Structure:
    """The parts in their order, as one; each comes with the place of its top left corner on the page, pixels.

    Args:
        number: of the page, 1-based: figures are named by it.
    """
    whole = _Whole()
    for part, corner in parts:
        whole.add(part, *corner)
    figures = named(whole.figures, number)
    return Structure(tuple(whole.lines), tuple(whole.blocks), tuple(whole.tables), figures)


def named(figures: Iterable[Figure], number: int) -> tuple[Figure, ...]:
    """The figures with names that are unique in the document."""
    return tuple(replace(figure, id=f"p{number}-f{place}") for place, figure in enumerate(figures, 1))


def part_of(structure: Structure, place: int) -> Structure:
    """One block of a page by itself, where it stands."""
    block = structure.blocks[place]
    position = {line: at for at, line in enumerate(block.lines)}
    items = tuple(
        replace(item, lines=tuple(position[line] for line in item.lines if line in position)) for item in block.items
    )
    own = replace(
        block,
        lines=tuple(range(len(block.lines))),
        items=items,
        table=None if block.table is None else 0,
        figure=None if block.figure is None else 0,
    )
    return Structure(
        lines=tuple(structure.lines[line] for line in block.lines),
        blocks=(own,),
        tables=() if block.table is None else (structure.tables[block.table],),
        figures=() if block.figure is None else (structure.figures[block.figure],),
    )


class _Whole:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self.figures: list[Figure] = []

    def add(self, part: Structure, dx: float, dy: float) -> None:
        self.blocks.extend([self._moved_block(block, dx, dy) for block in part.blocks])
        self.lines.extend(_moved_line(line, dx, dy) for line in part.lines)
        self.tables.extend(_moved_table(table, dx, dy) for table in part.tables)
        self.figures.extend(replace(figure, box=_moved(figure.box, dx, dy)) for figure in part.figures)

    def _moved_block(self, block: Block, dx: float, dy: float) -> Block:
        before = len(self.lines)
        return replace(
            block,
            box=_moved(block.box, dx, dy),
            lines=_counted_on(block.lines, before),
            items=tuple(replace(item, lines=_counted_on(item.lines, before)) for item in block.items),
            table=None if block.table is None else len(self.tables) + block.table,
            figure=None if block.figure is None else len(self.figures) + block.figure,
        )


def _counted_on(lines: Sequence[int], before: int) -> tuple[int, ...]:
    return tuple(before + line for line in lines)


def _moved(quad: Quad, dx: float, dy: float) -> Quad:
    if not dx and not dy:
        return quad
    (a, b, c, d) = ((round(x + dx, 1), round(y + dy, 1)) for x, y in quad)
    return (a, b, c, d)


def _moved_line(line: Line, dx: float, dy: float) -> Line:
    words = tuple(replace(word, box=_moved(word.box, dx, dy)) for word in line.words)
    ink = None if line.ink is None else _moved(line.ink, dx, dy)
    return replace(line, box=_moved(line.box, dx, dy), words=words, ink=ink)


def _moved_table(table: Table, dx: float, dy: float) -> Table:
    cells = tuple(replace(cell, box=_moved(cell.box, dx, dy)) for cell in table.cells)
    return replace(table, box=_moved(table.box, dx, dy), cells=cells)
