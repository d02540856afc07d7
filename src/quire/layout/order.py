"""Reading order by recursive XY-cut (Nagy 1984), on boxes turned straight.

A page is cut into columns where an empty gutter parts two bodies of text that each fill their width; a form
or a receipt, whose right-hand entries are short, has no such gutter and is read row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin
from statistics import median

import numpy as np
from numpy.typing import NDArray

from quire.geometry import Quad

_MIN_COLUMN_LINES = 4
_MIN_FILL = 0.6
_MIN_GUTTER = 0.6
_MIN_COLUMN_WIDTH = 6.0
_MIN_LINE_WIDTH = 4.5
_SURE_LINE_WIDTH = 10.0
_MAX_DEPTH = 12


def straight_boxes(quads: Sequence[Quad], skew_degrees: float) -> NDArray[np.float64]:
    """Boxes x0, y0, x1, y1 around the quads after the page is turned back by its skew, (N, 4)."""
    points = np.array(quads, np.float64).reshape(-1, 4, 2)
    angle = radians(-skew_degrees)
    turned = points @ np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
    return np.concatenate([turned.min(axis=1), turned.max(axis=1)], axis=1)


def reading_order(boxes: NDArray[np.float64]) -> list[list[int]]:
    """Indices of the boxes (N, 4) in regions that are read one after the other; inside, from top to bottom.

    A region is a column or a full-width band; its boxes are sorted by row, then from left to right.
    """
    if not len(boxes):
        return []
    height = float(np.median(boxes[:, 3] - boxes[:, 1]))
    return list(_cut(boxes, np.arange(len(boxes)), max(height, 1.0), 0))


def rows(boxes: NDArray[np.float64], indices: Sequence[int]) -> list[list[int]]:
    """Indices grouped into rows that overlap vertically by half, top to bottom; each from left to right."""
    # Plain floats: rows are short, and arrays of two numbers cost more than they save.
    spans = {index: (float(boxes[index, 1]), float(boxes[index, 3])) for index in indices}
    result: list[list[int]] = []
    for index in sorted(indices, key=lambda i: sum(spans[i])):
        if result and _same_row([spans[member] for member in result[-1]], spans[index]):
            result[-1].append(index)
        else:
            result.append([index])
    return [sorted(row, key=lambda i: boxes[i, 0]) for row in result]


def _same_row(row: Sequence[tuple[float, float]], span: tuple[float, float]) -> bool:
    top, bottom = median(top for top, _ in row), median(bottom for _, bottom in row)
    overlap = min(bottom, span[1]) - max(top, span[0])
    return overlap > 0.5 * min(bottom - top, span[1] - span[0])


def _cut(boxes: NDArray[np.float64], indices: NDArray[np.int64], height: float, depth: int) -> list[list[int]]:
    if depth < _MAX_DEPTH and len(indices) >= 2 * _MIN_COLUMN_LINES:
        gutter = _gutter(boxes[indices], height)
        if gutter is not None:
            return _cut_at(boxes, indices, gutter, height, depth)
    return [[index for row in rows(boxes, indices.tolist()) for index in row]]


def _cut_at(
    boxes: NDArray[np.float64],
    indices: NDArray[np.int64],
    gutter: tuple[float, float, float],
    height: float,
    depth: int,
) -> list[list[int]]:
    """What is above the columns, the left one, the right one, what is below."""
    middle, top, bottom = gutter
    centre = (boxes[indices, 1] + boxes[indices, 3]) / 2
    above, below = centre < top, centre > bottom
    inside = ~above & ~below
    left = inside & (boxes[indices, 2] <= middle + height / 2)
    parts = [above, left, inside & ~left, below]
    return [region for part in parts if part.any() for region in _cut(boxes, indices[part], height, depth + 1)]


def _gutter(boxes: NDArray[np.float64], height: float) -> tuple[float, float, float] | None:
    """The x of an empty gutter between two columns and the y range in which it is; None when there is none.

    Lines that cross the middle (titles, full-width tables) end the range; the tallest range wins.
    """
    best: tuple[float, tuple[float, float, float]] | None = None
    for middle in _candidates(boxes, height):
        for top, bottom in _clear_ranges(boxes, middle, height):
            columns = _columns(boxes, middle, top, bottom, height)
            if columns is None:
                continue
            tall = bottom - top
            if best is None or tall > best[0]:
                best = (tall, (middle, *columns))
    return best[1] if best else None


def _candidates(boxes: NDArray[np.float64], height: float) -> list[float]:
    """Middles of x ranges that few boxes cross, left to right."""
    left, right = float(boxes[:, 0].min()), float(boxes[:, 2].max())
    step = max(height / 3, (right - left) / 400)
    if right - left < 2 * _MIN_COLUMN_WIDTH * height:
        return []
    grid = np.arange(left + _MIN_COLUMN_WIDTH * height, right - _MIN_COLUMN_WIDTH * height, step)
    crossing = np.array([int(((boxes[:, 0] < x) & (boxes[:, 2] > x)).sum()) for x in grid])
    quiet = crossing <= max(1, 0.25 * len(boxes))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(np.int8), [0]])))
    result = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        least = start + int(np.argmin(crossing[start:end]))
        lowest = np.flatnonzero(crossing[start:end] == crossing[least]) + start
        result.append(float(grid[lowest[len(lowest) // 2]]))
    return result


def _clear_ranges(boxes: NDArray[np.float64], middle: float, height: float) -> list[tuple[float, float]]:
    """Ranges of y between the boxes that cross the gutter."""
    half = _MIN_GUTTER * height / 2
    crossing = boxes[(boxes[:, 0] < middle - half) & (boxes[:, 2] > middle + half)]
    crossing = crossing[np.argsort(crossing[:, 1])]
    top, ranges = float(boxes[:, 1].min()) - 1, []
    for box in crossing:
        if box[1] > top:
            ranges.append((top, float(box[1])))
        top = max(top, float(box[3]))
    ranges.append((top, float(boxes[:, 3].max()) + 1))
    return ranges


def _columns(
    boxes: NDArray[np.float64], middle: float, top: float, bottom: float, height: float
) -> tuple[float, float] | None:
    """The y range if both sides of the gutter are columns of text inside it."""
    centre = (boxes[:, 1] + boxes[:, 3]) / 2
    inside = boxes[(centre > top) & (centre < bottom)]
    mid = (inside[:, 0] + inside[:, 2]) / 2
    sides = (inside[mid <= middle], inside[mid > middle])
    return (top, bottom) if all(_is_text(side, height) for side in sides) else None


def _is_text(boxes: NDArray[np.float64], height: float) -> bool:
    """Whether boxes are columns of text, one or more, and not prices or a form's entries."""
    if len(boxes) < _MIN_COLUMN_LINES:
        return False
    usual = float(np.median(boxes[:, 2] - boxes[:, 0]))
    width = float(np.percentile(boxes[:, 2], 90) - np.percentile(boxes[:, 0], 10))
    # Lines of a table's cells lie side by side as columns' lines do, but are shorter.
    side_by_side = len(boxes) / _deepest(boxes) if usual >= _SURE_LINE_WIDTH * height else 1.0
    return usual >= _MIN_LINE_WIDTH * height and usual * side_by_side >= _MIN_FILL * width


def _deepest(boxes: NDArray[np.float64]) -> int:
    """How many boxes lie above one another where most do: the lines of the longest column."""
    starts, ends = np.sort(boxes[:, 0]), np.sort(boxes[:, 2])
    begun, ended = np.arange(1, len(starts) + 1), np.searchsorted(ends, starts, side="right")
    return max(1, int((begun - ended).max()))
