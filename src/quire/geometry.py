"""Points and boxes on a page.

Coordinates are pixels of the upright page image: origin at the top left, x to the right, y down.
A quad lists its corners as TL-TR-BR-BL in the reading direction of what it encloses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Four corners, TL-TR-BR-BL, pixels."""


class Box(NamedTuple):
    """An upright rectangle, pixels; `x1` and `y1` are exclusive edges."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Area in square pixels, 0 for an empty box."""
        return max(0.0, self.width) * max(0.0, self.height)

    @property
    def quad(self) -> Quad:
        return ((self.x0, self.y0), (self.x1, self.y0), (self.x1, self.y1), (self.x0, self.y1))

    def intersection(self, other: Box) -> float:
        """Area shared with `other`, square pixels."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(0.0, width) * max(0.0, height)


def bounds(quads: Iterable[Quad]) -> Box:
    """Smallest upright box around one or more quads.

    Raises:
        ValueError: `quads` is empty.
    """
    points = tuple(chain.from_iterable(quads))
    if not points:
        raise ValueError("bounds of no quads")
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def to_quad(points: Sequence[Sequence[float]] | NDArray[np.generic]) -> Quad:
    """Four points of any sequence type as a `Quad` of plain floats, one decimal kept (a tenth of a pixel)."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = points
    return (_point(ax, ay), _point(bx, by), _point(cx, cy), _point(dx, dy))


def _point(x: float, y: float) -> Point:
    return (round(float(x), 1), round(float(y), 1))


def rotate_quad(quad: Quad, quarter_turns: int, width: float, height: float) -> Quad:
    """The quad after its image (`width` × `height` pixels) is turned clockwise by `quarter_turns` × 90°.

    Corners keep their names' order in the reading direction: the first stays the text's own top left.
    """
    for _ in range(quarter_turns % 4):
        quad = tuple((height - y, x) for x, y in quad)  # type: ignore[assignment]
        width, height = height, width
    return quad


def union_box(quads: Iterable[Quad]) -> Quad:
    """Upright quad around one or more quads."""
    return bounds(quads).quad
