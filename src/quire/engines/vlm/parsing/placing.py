"""Where pieces and their lines are: as the model said, else one below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from quire.engines.vlm.parsing.pieces import Grid, GridCell, Piece
from quire.geometry import Box


def placed(pieces: Sequence[Piece], width: int, height: int) -> Iterator[Box]:
    """A box for each piece. Those without share the page's height in their order: a guess, and better than none."""
    weights = [0 if piece.box else _weight(piece) for piece in pieces]
    unit = height / max(1, sum(weights))
    above = 0
    for piece, weight in zip(pieces, weights, strict=True):
        yield piece.box or Box(0.0, above * unit, float(width), (above + weight) * unit)
        above += weight


def slices(box: Box, count: int) -> list[Box]:
    """The box in `count` equal parts, one below the other."""
    unit = box.height / max(1, count)
    return [Box(box.x0, box.y0 + place * unit, box.x1, box.y0 + (place + 1) * unit) for place in range(count)]


def sharing(box: Box | None, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with parts of a box that they share, one below the other, by the lines of each."""
    if box is None:
        return [*pieces]
    unit = box.height / max(1, sum(map(_weight, pieces)))
    result = []
    above = box.y0
    for piece in pieces:
        below = above + _weight(piece) * unit
        result.append(replace(piece, box=Box(box.x0, above, box.x1, below)))
        above = below
    return result


def cell_box(grid: Grid, cell: GridCell, box: Box) -> Box:
    """A cell's part of the table's box, were all rows and all columns equally large."""
    wide, high = box.width / grid.columns, box.height / grid.rows
    return Box(
        box.x0 + cell.column * wide,
        box.y0 + cell.row * high,
        box.x0 + (cell.column + cell.column_span) * wide,
        box.y0 + (cell.row + cell.row_span) * high,
    )


def _weight(piece: Piece) -> int:
    return piece.grid.rows if piece.grid else 1 + piece.text.count("\n")
