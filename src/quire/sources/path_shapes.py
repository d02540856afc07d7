"""What paths consist of: straight sides and figures, as arrays, in PDF points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from quire.sources.page_paths import PagePaths

_STRAY_PT: Final = 0.75
"""How far the ends of a level line may differ in height."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sides:
    """Level and upright sides of paths, closing ones included.

    Attributes:
        ends: (N, 4) float64: x0, y0, x1, y1 in PDF points, in no particular direction.
        figures: (N,) int64, the figure of each.
    """

    ends: Floats
    figures: Ints


@dataclass(frozen=True, slots=True)
class Figures:
    """The closed or open figures that a page's paths consist of, in painting order.

    Attributes:
        rects: (S, 4) float64: left, bottom, right, top in PDF points.
        paths: (S,) int64, the path of each.
        straight: (S,) bool, whether all sides are level or upright.
        sides: the level and upright ones.
    """

    rects: Floats
    paths: Ints
    straight: NDArray[np.bool_]
    sides: Sides


def figures_of(paths: PagePaths) -> Figures:
    """All figures of a page with at least one path."""
    moved = paths.kinds == raw.FPDF_SEGMENT_MOVETO
    moved[1:] |= np.diff(paths.owners) > 0
    moved[0] = True
    starts, figures = np.flatnonzero(moved), np.cumsum(moved) - 1
    ends, last = _straight_sides(paths, starts[figures])
    aligned = (np.abs(ends[:, 2:] - ends[:, :2]) <= _STRAY_PT).any(axis=1)
    bent = np.bincount(figures[paths.kinds == raw.FPDF_SEGMENT_BEZIERTO], minlength=len(starts))
    slanted = np.bincount(figures[last[~aligned]], minlength=len(starts))
    low, high = np.minimum.reduceat(paths.points, starts), np.maximum.reduceat(paths.points, starts)
    return Figures(
        rects=np.concatenate((low, high), axis=1),
        paths=paths.owners[starts],
        straight=bent + slanted == 0,
        sides=Sides(ends[aligned], figures[last[aligned]]),
    )


def _straight_sides(paths: PagePaths, first: Ints) -> tuple[Floats, Ints]:
    """All straight sides, whichever way they run, and the point that each is drawn at; `first`: of its figure."""
    drawn = np.flatnonzero((paths.kinds == raw.FPDF_SEGMENT_LINETO) & (first < np.arange(len(first))))
    closing = np.flatnonzero(paths.closes)
    sides = np.concatenate((paths.points[drawn - 1], paths.points[drawn]), axis=1)
    returns = np.concatenate((paths.points[closing], paths.points[first[closing]]), axis=1)
    return np.concatenate((sides, returns)), np.concatenate((drawn, closing))
