"""Ruling lines out of a PDF page's paths: strokes, thin bars, and the edges of filled cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from quire.sources.base import Raster
from quire.sources.page_paths import PagePaths
from quire.sources.pdf_frame import PageFrame, Rects
from quire.view import Rule

_THIN_PT: Final = 3.0
"""Filled bars up to this are drawn as lines."""
_SHORTEST_PT: Final = 6.0
_STRAY_PT: Final = 0.75
"""How far the ends of a level line may differ in height."""
_SAME_PT: Final = 1.0
"""Lines so near are one: both edges of a bar, borders of two neighbouring cells."""
_GAP_PT: Final = 3.0
"""Gaps of dashes."""
_MAX_RULES: Final = 5_000
_PAGE_SHARE: Final = 0.8

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SubPaths:
    """The closed or open figures that paths consist of.

    Attributes:
        starts: (S,) int64, index of each one's first point.
        rects: (S, 4) float64, left, bottom, right, top in PDF points.
        straight: (S,) bool, whether all its sides are level or upright.
        owners: (S,) int64, the path of each.
    """

    starts: NDArray[np.int64]
    rects: Floats
    straight: NDArray[np.bool_]
    owners: NDArray[np.int64]


def sides_of(paths: PagePaths) -> tuple[Floats, NDArray[np.int64]]:
    """Straight sides (N, 4) as x0, y0, x1, y1 in PDF points, and the point each ends at, closing sides included."""
    starts = _starts(paths)
    first = np.repeat(starts, np.diff(starts, append=len(paths.points)))
    drawn = np.flatnonzero((paths.kinds == raw.FPDF_SEGMENT_LINETO) & (first < np.arange(len(first))))
    closing = np.flatnonzero(paths.closes)
    sides = np.concatenate((paths.points[drawn - 1], paths.points[drawn]), axis=1)
    returns = np.concatenate((paths.points[closing], paths.points[first[closing]]), axis=1)
    return np.concatenate((sides, returns)), np.concatenate((drawn, closing))


def _starts(paths: PagePaths) -> NDArray[np.int64]:
    moved = paths.kinds == raw.FPDF_SEGMENT_MOVETO
    moved[1:] |= np.diff(paths.owners) > 0
    moved[:1] = True
    return np.flatnonzero(moved)


def sub_paths_of(paths: PagePaths) -> SubPaths:
    """The figures of all paths."""
    starts = _starts(paths)
    low, high = np.minimum.reduceat(paths.points, starts), np.maximum.reduceat(paths.points, starts)
    sides, ends = sides_of(paths)
    slanted = np.zeros(len(paths.points), bool)
    slanted[ends[~(_level(sides) | _upright(sides))]] = True
    slanted |= paths.kinds == raw.FPDF_SEGMENT_BEZIERTO
    return SubPaths(
        starts, np.concatenate((low, high), axis=1), ~np.logical_or.reduceat(slanted, starts), paths.owners[starts]
    )


def _level(sides: Floats) -> NDArray[np.bool_]:
    return np.abs(sides[:, 3] - sides[:, 1]) <= _STRAY_PT


def _upright(sides: Floats) -> NDArray[np.bool_]:
    return np.abs(sides[:, 2] - sides[:, 0]) <= _STRAY_PT


def find_path_rules(paths: PagePaths, frame: PageFrame, raster: Raster) -> tuple[Rule, ...]:
    """Level and upright ruling lines in pixels of `raster`, pieces of one line joined; at most 5,000, longest first."""
    if not len(paths.points):
        return ()
    sides = np.concatenate((_stroked_sides(paths), _filled_sides(paths, sub_paths_of(paths), frame)))
    turned = _sorted_ends(frame.to_pixels(_as_rects(sides), raster).astype(np.float64))
    turned = turned[_on_page(turned, raster)].clip(0, (raster.width, raster.height) * 2)
    point_px = raster.dpi / 72.0
    level = turned[:, 3] - turned[:, 1] <= turned[:, 2] - turned[:, 0]
    joined = np.concatenate(
        (_joined(turned[level], point_px), _joined(turned[~level][:, [1, 0, 3, 2]], point_px)[:, [1, 0, 3, 2]])
    )
    lengths = (joined[:, 2:] - joined[:, :2]).max(axis=1)
    order = np.argsort(-lengths, kind="stable")[:_MAX_RULES]
    kept = joined[order][lengths[order] >= _SHORTEST_PT * point_px]
    return tuple(Rule(*ends) for ends in kept.round(1).tolist())


def _stroked_sides(paths: PagePaths) -> Floats:
    sides, ends = sides_of(paths)
    stroked = paths.stroked[paths.owners[ends]]
    return sides[stroked & (_level(sides) | _upright(sides))]


def _filled_sides(paths: PagePaths, figures: SubPaths, frame: PageFrame) -> Floats:
    """Middles of thin bars; the edges of larger rectangles, unless they are the page's background."""
    rects = figures.rects[figures.straight & paths.filled[figures.owners]]
    width, height = rects[:, 2] - rects[:, 0], rects[:, 3] - rects[:, 1]
    thin = np.minimum(width, height) <= _THIN_PT
    large = ~thin & (width * height < _PAGE_SHARE * frame.area_pt)
    return np.concatenate((_middles(rects[thin]), _edges(rects[large])))


def _middles(rects: Floats) -> Floats:
    x0, y0, x1, y1 = rects.T
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    flat = (x1 - x0 >= y1 - y0)[:, None]
    return np.where(flat, np.stack((x0, y, x1, y), axis=1), np.stack((x, y0, x, y1), axis=1))


def _edges(rects: Floats) -> Floats:
    return np.concatenate([rects[:, sides] for sides in ([0, 1, 2, 1], [0, 3, 2, 3], [0, 1, 0, 3], [2, 1, 2, 3])])


def _as_rects(sides: Floats) -> Rects:
    """Left, top, right, bottom, as frames take them."""
    x0, y0, x1, y1 = sides.T
    rects = np.stack((np.minimum(x0, x1), np.maximum(y0, y1), np.maximum(x0, x1), np.minimum(y0, y1)), axis=1)
    return rects.astype(np.float32)


def _sorted_ends(ends: Floats) -> Floats:
    return np.concatenate((np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])), axis=1)


def _on_page(ends: Floats, raster: Raster) -> NDArray[np.bool_]:
    return (ends[:, 2] > 0) & (ends[:, 3] > 0) & (ends[:, 0] < raster.width) & (ends[:, 1] < raster.height)


def _joined(ends: Floats, point_px: float) -> Floats:
    """Level lines (N, 4), those that continue or cover each other put together, each at its pieces' middle height."""
    if not len(ends):
        return ends
    heights = (ends[:, 1] + ends[:, 3]) / 2
    by_height = np.argsort(heights, kind="stable")
    lanes = np.empty(len(ends), np.int64)
    lanes[by_height] = np.concatenate(([0], np.cumsum(np.diff(heights[by_height]) > _SAME_PT * point_px)))
    order = np.lexsort((ends[:, 0], lanes))
    ends, heights, lanes = ends[order], heights[order], lanes[order]
    stride = float(ends[:, 2].max()) + 10 * _GAP_PT * point_px
    reach = np.maximum.accumulate(ends[:, 2] + lanes * stride)
    new = ends[1:, 0] + lanes[1:] * stride > reach[:-1] + _GAP_PT * point_px
    starts = np.concatenate(([0], np.flatnonzero(new) + 1))
    lengths = np.maximum(ends[:, 2] - ends[:, 0], 1e-3)
    middle = np.add.reduceat(heights * lengths, starts) / np.add.reduceat(lengths, starts)
    left, right = np.minimum.reduceat(ends[:, 0], starts), np.maximum.reduceat(ends[:, 2], starts)
    return np.stack((left, middle, right, middle), axis=1)
