"""Tables drawn with rules both ways: a grid of them, whose places are one cell where no rule parts them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.layout.tables.grid import Area
from quire.layout.tables.sheet import Sheet, Stroke, Token

_TOUCH: Final = 0.6
"""Units by which rules may miss each other and still meet."""
_SAME_EDGE: Final = 0.55
_COVERED: Final = 0.6
_OUTSIDE: Final = 1.2
_MAX_EDGES: Final = 150
_MAX_LATTICES: Final = 40


@dataclass(frozen=True, slots=True)
class Lattice:
    """Edges of a ruled grid, and which neighbours a rule parts.

    Attributes:
        xs, ys: ascending, straight pixels.
        parted_right: (rows, columns - 1) bool.
        parted_below: (rows - 1, columns) bool.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    parted_right: NDArray[np.bool_]
    parted_below: NDArray[np.bool_]
    level: tuple[Stroke, ...]

    def holds(self, token: Token) -> bool:
        return self.xs[0] <= token.x <= self.xs[-1] and self.ys[0] <= token.y <= self.ys[-1]


def lattices(sheet: Sheet) -> Iterator[Lattice]:
    """Grids of rules that meet, two level ones and an upright one at least; a mere frame around a page is none."""
    groups = [group for group in _meeting(sheet.level, sheet.upright, _TOUCH * sheet.unit) if len(group[0]) >= 2]
    largest = sorted(groups, key=lambda group: -len(group[0]) * len(group[1]))[:_MAX_LATTICES]
    found = (_lattice(level, upright, sheet) for level, upright in largest)
    yield from (lattice for lattice in found if lattice is not None)


def _meeting(
    level: Sequence[Stroke], upright: Sequence[Stroke], reach: float
) -> Iterator[tuple[list[Stroke], list[Stroke]]]:
    """Groups of rules that touch one another, directly or over others."""
    if not level or not upright:
        return
    across, down = np.array(level), np.array(upright)
    meets = (
        (across[:, None, 0] - reach <= down[None, :, 2])
        & (down[None, :, 2] <= across[:, None, 1] + reach)
        & (down[None, :, 0] - reach <= across[:, None, 2])
        & (across[:, None, 2] <= down[None, :, 1] + reach)
    )
    left = set(range(len(upright)))
    while left:
        ups = np.zeros(len(upright), np.bool_)
        ups[left.pop()] = True
        while True:
            levels = meets[:, ups].any(axis=1)
            grown = ups | meets[levels].any(axis=0)
            if (grown == ups).all():
                break
            ups = grown
        left -= set(np.flatnonzero(ups).tolist())
        yield [level[i] for i in np.flatnonzero(levels).tolist()], [upright[i] for i in np.flatnonzero(ups).tolist()]


def _lattice(level: list[Stroke], upright: list[Stroke], sheet: Sheet) -> Lattice | None:
    xs, ys = _edges(upright, sheet.unit), _edges(level, sheet.unit)
    if len(ys) < 2 or len(xs) > _MAX_EDGES or len(ys) > _MAX_EDGES:
        return None
    left, right = min(s.start for s in level), max(s.end for s in level)
    top, bottom = min(s.start for s in upright), max(s.end for s in upright)
    xs = _widened(xs, left, right, sheet.unit, [t.x for t in sheet.tokens if ys[0] < t.y < ys[-1]])
    ys = _widened(ys, top, bottom, sheet.unit, [t.y for t in sheet.tokens if xs[0] < t.x < xs[-1]])
    if len(xs) < 2 or len(xs) == len(ys) == 2:
        return None
    right_of = _parted(xs, ys, upright, sheet.unit)
    below = _parted(ys, xs, level, sheet.unit).T
    return Lattice(tuple(xs), tuple(ys), right_of, below, tuple(level))


def _edges(strokes: Sequence[Stroke], unit: float) -> list[float]:
    """Where strokes lie, those too close for text between them as one."""
    groups: list[list[Stroke]] = []
    for stroke in sorted(strokes, key=lambda stroke: stroke.at):
        if groups and stroke.at - groups[-1][0].at < _SAME_EDGE * unit:
            groups[-1].append(stroke)
        else:
            groups.append([stroke])
    return [sum(s.at * (s.end - s.start) for s in group) / sum(s.end - s.start for s in group) for group in groups]


def _widened(edges: list[float], low: float, high: float, unit: float, middles: Sequence[float]) -> list[float]:
    """The edges, with the ends of the other direction's rules where words lie beyond the outermost edge."""
    if edges[0] - low > _OUTSIDE * unit and any(low < middle < edges[0] for middle in middles):
        edges = [low, *edges]
    if high - edges[-1] > _OUTSIDE * unit and any(edges[-1] < middle < high for middle in middles):
        edges = [*edges, high]
    return edges


def _parted(edges: Sequence[float], ends: Sequence[float], strokes: Sequence[Stroke], unit: float) -> NDArray[np.bool_]:
    """For each span between `ends` and each inner edge: whether strokes cover the edge there, (spans, inner)."""
    spans = np.array(list(pairwise(ends)))
    covered = np.zeros((len(spans), max(len(edges) - 2, 0)))
    for stroke in strokes:
        near = [i for i, edge in enumerate(edges[1:-1]) if abs(edge - stroke.at) < _SAME_EDGE * unit]
        shared = np.minimum(spans[:, 1], stroke.end) - np.maximum(spans[:, 0], stroke.start)
        for index in near[:1]:
            covered[:, index] += np.maximum(shared, 0)
    return np.asarray(covered >= _COVERED * (spans[:, 1] - spans[:, 0])[:, None])


def areas_of(lattice: Lattice) -> list[Area]:
    """Rectangles of places that no rule parts; what is no rectangle is cut into rows' pieces."""
    rows, columns = len(lattice.ys) - 1, len(lattice.xs) - 1
    pieces: list[Area] = []
    for row in range(rows):
        start = 0
        for column in range(columns):
            if column == columns - 1 or lattice.parted_right[row, column]:
                pieces.append(Area(row, start, row + 1, column + 1))
                start = column + 1
    result: dict[tuple[int, int, int], Area] = {}
    for piece in pieces:
        above = result.get((piece.column, piece.column_end, piece.row))
        if above and not lattice.parted_below[piece.row - 1, piece.column : piece.column_end].any():
            del result[piece.column, piece.column_end, piece.row]
            piece = Area(above.row, above.column, piece.row_end, above.column_end)
        result[piece.column, piece.column_end, piece.row_end] = piece
    return sorted(result.values(), key=lambda area: (area.row, area.column))
