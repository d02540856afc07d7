"""Where on its box a line's ink is.

A line's box is as it was found: as high as the font, or with the air that a detector leaves around letters, which is
what tells the type's size, and how people draw boxes around lines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from quire.document import Line
from quire.geometry import Point, to_quad
from quire.view import Reach

_LEAST: Final = 0.3
"""Of the box: ink that is lower is a dash or a row of dots, of which the box says more."""
_LEAST_SIDE_PX: Final = 0.1


def at_ink(line: Line, reach: Reach | None) -> Line:
    """The line with its `ink`, no longer than from its first word to its last; as it is where nothing is known."""
    top_left, top_right, _, bottom_left = line.box
    along, across = _vector(top_left, top_right), _vector(top_left, bottom_left)
    if reach is None or reach.bottom - reach.top < _LEAST or min(_length(along), _length(across)) < _LEAST_SIDE_PX:
        return line
    first, last = _ends(line, along)
    start, end = max(reach.start, first), min(reach.end, last)
    if start >= end:
        return line

    def point(right: float, down: float) -> Point:
        x, y = top_left
        return x + right * along[0] + down * across[0], y + right * along[1] + down * across[1]

    quad = point(start, reach.top), point(end, reach.top), point(end, reach.bottom), point(start, reach.bottom)
    return replace(line, ink=to_quad(quad))


def _ends(line: Line, along: Point) -> tuple[float, float]:
    """Where the words begin and end on the line, in shares of its length."""
    if not line.words:
        return 0.0, 1.0
    x0, y0 = line.box[0]
    square = along[0] ** 2 + along[1] ** 2
    # The first and the last reach farthest, whichever way the text runs.
    corners = line.words[0].box + line.words[-1].box
    places = [((x - x0) * along[0] + (y - y0) * along[1]) / square for x, y in corners]
    return min(places), max(places)


def _vector(start: Point, end: Point) -> Point:
    return end[0] - start[0], end[1] - start[1]


def _length(vector: Point) -> float:
    return float((vector[0] ** 2 + vector[1] ** 2) ** 0.5)
