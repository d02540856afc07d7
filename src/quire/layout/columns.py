"""The gutter between two columns of text, or none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quire.layout.sides import MIN_LINE_WIDTH, beside_prose, independent, is_form, is_text, stacked

_MIN_STACK = 3
# Recognised lines reach a little over their ends: where the gutter is narrow, over its middle.
_OVERLAP = 0.7
_MIN_COLUMN_WIDTH = 5.0
_PROSE_LINE_WIDTH = 7.0
_CLEAR_SPACE = 0.8
_WIDE_SPACE = 2.5
_MAX_CANDIDATES = 12
_MAX_RANGES = 8
# A table or picture weighs as much as the lines of text that would stand in its place.
_MAX_STAND_INS = 40
_STAND_IN_PITCH = 1.6


@dataclass(frozen=True, slots=True)
class Bodies:
    """What a page's order is judged by.

    Attributes:
        boxes: (N, 4) float64, pixels, straight.
        solid: (N,) which of them are tables and pictures.
        height: of the usual line, pixels.
        rules: (M, 4) float64, level lines that are drawn across the page, clear of all boxes.
    """

    boxes: NDArray[np.float64]
    solid: NDArray[np.bool_]
    height: float
    rules: NDArray[np.float64]


def gutter_of(bodies: Bodies, indices: NDArray[np.int64]) -> tuple[float, float, float] | None:
    """The x of an empty gutter between two columns and the y range in which it is; None when there is none.

    Lines and rules that cross the middle (titles, full-width tables) end the range; the tallest range wins.
    """
    if len(indices) < 2:
        return None
    boxes = bodies.boxes[indices]
    lines = _with_stand_ins(boxes, bodies.solid[indices], bodies.height)
    walls = np.concatenate([boxes, _rules_within(bodies, boxes)])
    best: tuple[float, float, float] | None = None
    for middle in _candidates(boxes, bodies.height):
        for top, bottom in _clear_ranges(walls, middle, bodies.height):
            if best is None or bottom - top > best[2] - best[1]:
                found = _columns(lines, middle, top, bottom, bodies.height)
                if found and (best is None or found[1] - found[0] > best[2] - best[1]):
                    best = (middle, *found)
    return best


def _rules_within(bodies: Bodies, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rules with boxes above and below them; a page's frame parts nothing."""
    rules = bodies.rules
    middle = (rules[:, 1] + rules[:, 3]) / 2
    inside: NDArray[np.float64] = rules[(middle > boxes[:, 1].min()) & (middle < boxes[:, 3].max())]
    return inside


def _with_stand_ins(boxes: NDArray[np.float64], solid: NDArray[np.bool_], height: float) -> NDArray[np.float64]:
    """Boxes of lines, with lines in the place of each table and picture."""
    parts = [boxes[~solid]]
    for x0, y0, x1, y1 in boxes[solid].tolist():
        count = max(1, min(_MAX_STAND_INS, int((y1 - y0) / (_STAND_IN_PITCH * height))))
        tops = y0 + (y1 - y0) / count * np.arange(count)
        parts.append(np.stack([np.full(count, x0), tops, np.full(count, x1), tops + height], axis=1))
    return np.concatenate(parts)


def _candidates(boxes: NDArray[np.float64], height: float) -> list[float]:
    """Middles of x ranges that few boxes cross, left to right."""
    left, right = float(boxes[:, 0].min()), float(boxes[:, 2].max())
    step = max(height / 3, (right - left) / 400)
    if right - left < 2 * _MIN_COLUMN_WIDTH * height:
        return []
    grid = np.arange(left + _MIN_COLUMN_WIDTH * height, right - _MIN_COLUMN_WIDTH * height, step)
    begun = np.searchsorted(np.sort(boxes[:, 0]), grid, side="left")
    crossing = begun - np.searchsorted(np.sort(boxes[:, 2]), grid, side="right")
    quiet = crossing <= max(1, 0.4 * len(boxes))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(np.int8), [0]])))
    found = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        found += _valleys(crossing[start:end], start)
    found.sort(key=lambda place: crossing[place])
    return sorted(float(grid[place]) for place in found[:_MAX_CANDIDATES])


def _valleys(crossing: NDArray[np.int64], start: int) -> list[int]:
    """Middles of the level stretches that are lower than what is beside them."""
    edges = np.flatnonzero(np.diff(crossing)) + 1
    starts = np.concatenate([[0], edges])
    ends = np.concatenate([edges, [len(crossing)]])
    values = crossing[starts]
    before = np.concatenate([[values.max() + 1], values[:-1]])
    after = np.concatenate([values[1:], [values.max() + 1]])
    low = np.flatnonzero((values < before) & (values < after))
    return [start + int((starts[place] + ends[place]) // 2) for place in low]


def _clear_ranges(boxes: NDArray[np.float64], middle: float, height: float) -> list[tuple[float, float]]:
    """Ranges of y between the boxes that cross the gutter, tallest first."""
    reach = _OVERLAP * height
    crossing = boxes[(boxes[:, 0] < middle - reach) & (boxes[:, 2] > middle + reach)]
    crossing = crossing[np.argsort(crossing[:, 1])]
    tops = np.maximum.accumulate(np.concatenate([[boxes[:, 1].min() - 1], crossing[:, 3]]))
    bottoms = np.concatenate([crossing[:, 1], [boxes[:, 3].max() + 1]])
    tallest = np.argsort(tops - bottoms, kind="stable")[:_MAX_RANGES]
    return [(float(tops[place]), float(bottoms[place])) for place in tallest if bottoms[place] > tops[place]]


def _columns(
    lines: NDArray[np.float64], middle: float, top: float, bottom: float, height: float
) -> tuple[float, float] | None:
    """The y range in which both sides of the gutter are columns, and not the halves of rows; None without."""
    centre = (lines[:, 1] + lines[:, 3]) / 2
    inside = lines[(centre > top) & (centre < bottom)]
    left = (inside[:, 0] + inside[:, 2]) / 2 <= middle
    sides = (inside[left], inside[~left])
    if min(map(len, sides)) < _MIN_STACK:
        return None
    first, last = _facing(inside, sides, _CLEAR_SPACE * height)
    here, there = (_between(side, first, last) for side in sides)
    if min(len(here), len(there)) < _MIN_STACK:
        return None
    few, many = sorted((here, there), key=len)
    if is_form(few, many, height):
        return None
    prose = all(is_text(side, height) or stacked(side, height, _PROSE_LINE_WIDTH) >= 3 for side in (here, there))
    if prose or beside_prose(here, there, height):
        # One column may well be longer, but not after a wide space: that is the next part of the page.
        first, last = _facing(inside, sides, _WIDE_SPACE * height)
        return max(top, first), min(bottom, last)
    stacks = all(stacked(side, height, MIN_LINE_WIDTH) >= 2 for side in (here, there))
    return (first, last) if stacks and independent(few, many, height) else None


def _facing(
    inside: NDArray[np.float64], sides: tuple[NDArray[np.float64], NDArray[np.float64]], space: float
) -> tuple[float, float]:
    """The y range in which both sides stand, up to the next `space` pixels clear across both: a letter's head."""
    starts, ends = inside[:, 1], inside[:, 3]
    order = np.argsort(starts)
    reached = np.maximum.accumulate(ends[order])
    clear = np.flatnonzero(starts[order][1:] - reached[:-1] >= space)
    spaces = (starts[order][1:][clear] + reached[:-1][clear]) / 2
    first, last = max(side[:, 1].min() for side in sides), min(side[:, 3].max() for side in sides)
    above, below = spaces[spaces <= first], spaces[spaces >= last]
    return (
        float(above.max()) if len(above) else float(starts.min()) - 1,
        float(below.min()) if len(below) else float(ends.max()) + 1,
    )


def _between(boxes: NDArray[np.float64], top: float, bottom: float) -> NDArray[np.float64]:
    centre = (boxes[:, 1] + boxes[:, 3]) / 2
    return boxes[(centre > top) & (centre < bottom)]
