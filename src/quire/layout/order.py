"""Reading order by recursive XY-cut (Nagy 1984), on boxes turned straight.

A page is cut into columns where an empty gutter parts two bodies of text; a form or a receipt, whose right-hand
entries are short and level with what they belong to, has no such gutter and is read row by row. Rules drawn across a
gutter end it, as lines of text do: below a newspaper's rule another story begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

from quire.geometry import Quad
from quire.layout.columns import Bodies, gutter_of
from quire.layout.rows import rows

_MAX_DEPTH = 16
_MAX_SHEET_LINES = 6000
# A row at the top or the bottom of a page is furniture when this many line heights are clear beside it.
_FURNITURE_GAP = 1.0
_FURNITURE_RATIO = 1.5
_MAX_FURNITURE_ROWS = 2
_MIN_BODY = 4
# What stands level there and this far apart, in line heights, does not belong together.
_APART = 3.0
# A rule parts what is above it from what is below when it is as long as some words, in line heights.
_MIN_WALL = 8.0
_MAX_WALLS = 200
# A rule that runs through a box by more than this share of its height belongs to it.
_TOUCH = 0.15


def straight_boxes(quads: Sequence[Quad], skew_degrees: float) -> NDArray[np.float64]:
    """Boxes x0, y0, x1, y1 around the quads after the page is turned back by its skew, (N, 4)."""
    flat = chain.from_iterable
    # Number by number: NumPy takes three times as long to find out how nested tuples nest.
    points = np.fromiter(flat(flat(quads)), np.float64, 8 * len(quads)).reshape(-1, 4, 2)
    angle = radians(-skew_degrees)
    turned = points @ np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
    return np.concatenate([turned.min(axis=1), turned.max(axis=1)], axis=1)


def reading_order(
    boxes: NDArray[np.float64], solid: NDArray[np.bool_] | None = None, rules: NDArray[np.float64] | None = None
) -> list[list[int]]:
    """Indices of the boxes (N, 4) in regions that are read one after the other; inside, from top to bottom.

    A region is a column or a full-width band; its boxes are sorted by row, then from left to right.

    Args:
        solid: (N,) which boxes are tables and pictures, and no lines of text; none without.
        rules: (M, 4) boxes of the straight lines drawn on the page, upright ones among them.
    """
    if not len(boxes):
        return []
    solid = np.zeros(len(boxes), np.bool_) if solid is None else solid
    lines = boxes if solid.all() else boxes[~solid]
    height = max(float(np.median(lines[:, 3] - lines[:, 1])), 1.0)
    everything = np.arange(len(boxes))
    if len(boxes) > _MAX_SHEET_LINES:
        return [_in_rows(boxes, everything)]
    top, body, bottom = _furniture(boxes, solid, height)
    bodies = Bodies(boxes, solid, height, _walls(rules, boxes, height))
    return [*_ends(boxes, top, height), *_cut(bodies, body, 0), *_ends(boxes, bottom, height)]


def _walls(rules: NDArray[np.float64] | None, boxes: NDArray[np.float64], height: float) -> NDArray[np.float64]:
    """Level rules, longest first, that no box touches: those under words, in tables and in pictures do not part."""
    if rules is None or not len(rules):
        return np.empty((0, 4))
    length = rules[:, 2] - rules[:, 0]
    level = rules[(length > _MIN_WALL * height) & (length > 8 * (rules[:, 3] - rules[:, 1]))]
    level = level[np.argsort(level[:, 0] - level[:, 2], kind="stable")][:_MAX_WALLS]
    middle = ((level[:, 1] + level[:, 3]) / 2)[:, None]
    reach = _TOUCH * (boxes[:, 3] - boxes[:, 1])
    beside = (boxes[:, 0] < level[:, None, 2]) & (boxes[:, 2] > level[:, None, 0])
    touched = beside & (boxes[:, 1] + reach < middle) & (boxes[:, 3] - reach > middle)
    clear: NDArray[np.float64] = level[~touched.any(axis=1)]
    return clear


def _ends(boxes: NDArray[np.float64], indices: NDArray[np.int64], height: float) -> list[list[int]]:
    """Rows at the page's ends, each in parts where a wide gap is: a running title and the page's number."""
    result: list[list[int]] = []
    for row in rows(boxes, indices.tolist()):
        gaps = [boxes[after, 0] - boxes[before, 2] for before, after in pairwise(row)]
        starts = [0, *(place + 1 for place, gap in enumerate(gaps) if gap > _APART * height), len(row)]
        result += [row[start:end] for start, end in pairwise(starts)]
    return result


def _single(boxes: NDArray[np.float64], indices: NDArray[np.int64]) -> list[list[int]]:
    return [_in_rows(boxes, indices)] if len(indices) else []


def _in_rows(boxes: NDArray[np.float64], indices: NDArray[np.int64]) -> list[int]:
    return [index for row in rows(boxes, indices.tolist()) for index in row]


def _furniture(
    boxes: NDArray[np.float64], solid: NDArray[np.bool_], height: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Lone rows at the top, all between, lone rows at the bottom: running heads do not belong to a column."""
    order = np.argsort(boxes[:, 1], kind="stable")
    top = _lone(boxes[order], solid[order], height)
    rest = order[top:]
    upside = boxes[rest][:, [0, 3, 2, 1]] * np.array([1, -1, 1, -1])
    upwards = np.argsort(upside[:, 1], kind="stable")
    bottom = _lone(upside[upwards], solid[rest][upwards], height)
    last = rest[upwards[:bottom]]
    return order[:top], np.setdiff1d(rest, last), last


def _lone(boxes: NDArray[np.float64], solid: NDArray[np.bool_], height: float) -> int:
    """How many boxes, sorted by their top, are rows of one line each with clear space below."""
    count = 0
    gaps = boxes[1:, 1] - np.maximum.accumulate(boxes[:, 3])[:-1]
    # Where rows stand far apart anyhow, space says little.
    usual = float(np.median(gaps[gaps > 0])) if (gaps > 0).any() else 0.0
    spaces = np.flatnonzero(gaps >= max(_FURNITURE_GAP * height, _FURNITURE_RATIO * usual)) + 1
    for end in spaces[:_MAX_FURNITURE_ROWS].tolist():
        row = boxes[count:end]
        low = row[:, 3].max() - row[:, 1].min() <= 1.8 * float(np.median(row[:, 3] - row[:, 1]))
        if not low or solid[count:end].any() or len(boxes) - end < _MIN_BODY:
            break
        count = end
    return count


def _cut(bodies: Bodies, indices: NDArray[np.int64], depth: int) -> list[list[int]]:
    if depth < _MAX_DEPTH:
        gutter = gutter_of(bodies, indices)
        if gutter is not None:
            return _cut_at(bodies, indices, gutter, depth)
    return _single(bodies.boxes, indices)


def _cut_at(
    bodies: Bodies, indices: NDArray[np.int64], gutter: tuple[float, float, float], depth: int
) -> list[list[int]]:
    """What is above the columns, the left one, the right one, what is below."""
    middle, top, bottom = gutter
    boxes = bodies.boxes[indices]
    centre = (boxes[:, 1] + boxes[:, 3]) / 2
    above, below = centre < top, centre > bottom
    inside = ~above & ~below
    left = inside & (boxes[:, 0] + boxes[:, 2] <= 2 * middle)
    parts = [above, left, inside & ~left, below]
    return [region for part in parts if part.any() for region in _cut(bodies, indices[part], depth + 1)]
