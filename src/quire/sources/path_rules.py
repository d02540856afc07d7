"""Ruling lines out of a PDF page's paths: strokes, thin bars, and the visible edges of filled cells."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.sources.base import Raster
from quire.sources.fills import FilledAreas
from quire.sources.page_paths import NO_COLOUR, PagePaths
from quire.sources.path_shapes import Figures, Floats
from quire.sources.pdf_frame import POINTS_PER_INCH, PageFrame, Rects
from quire.view import Rule

_THIN_PT: Final = 3.0
"""Filled bars up to this are drawn as lines."""
_SHORTEST_PT: Final = 6.0
_SAME_PT: Final = 2.0
"""Lines so near are one: both edges of a bar, borders of neighbouring cells."""
_GAP_PT: Final = 3.0
"""Gaps of dashes."""
_MAX_RULES: Final = 5_000
_PAGE_SHARE: Final = 0.8
"""Of the page: a rectangle so large is its background, or its frame."""


def find_path_rules(paths: PagePaths, figures: Figures, frame: PageFrame, raster: Raster) -> tuple[Rule, ...]:
    """Level and upright ruling lines in pixels of `raster`, pieces of one line joined; at most 5,000, longest first."""
    ends = _ordered(frame.to_pixels(_as_rects(_drawn(paths, figures, frame)), raster).astype(np.float64))
    ends = ends[(ends[:, 2:] > 0).all(axis=1) & (ends[:, :2] < (raster.width, raster.height)).all(axis=1)]
    ends = ends.clip(0, (raster.width, raster.height) * 2)
    point_px = raster.dpi / POINTS_PER_INCH
    level = ends[:, 3] - ends[:, 1] <= ends[:, 2] - ends[:, 0]
    upright = _joined(ends[~level][:, [1, 0, 3, 2]], point_px)[:, [1, 0, 3, 2]]
    joined = np.concatenate((_joined(ends[level], point_px), upright))
    lengths = (joined[:, 2:] - joined[:, :2]).max(axis=1)
    order = np.argsort(-lengths, kind="stable")[:_MAX_RULES]
    kept = joined[order][lengths[order] >= _SHORTEST_PT * point_px]
    return tuple(Rule(*line) for line in kept.round(1).tolist())


def _drawn(paths: PagePaths, figures: Figures, frame: PageFrame) -> Floats:
    """Lines (N, 4) that can be seen, PDF points."""
    fills = paths.fills[figures.paths]
    boxes = figures.straight & (fills != NO_COLOUR)
    rects, colours = figures.rects[boxes], fills[boxes]
    size = rects[:, 2:] - rects[:, :2]
    thin = size.min(axis=1) <= _THIN_PT
    areas = FilledAreas(rects[~thin], colours[~thin], frame)
    large = ~thin & (np.prod(size, axis=1) < _PAGE_SHARE * frame.area_pt)
    edges = _edges(rects[large])
    strokes = paths.strokes[figures.paths[figures.sides.figures]]
    lines = np.concatenate((figures.sides.ends[strokes != NO_COLOUR], _middles(rects[thin])))
    inks = np.concatenate((strokes[strokes != NO_COLOUR], colours[thin]))
    return np.concatenate((lines[areas.lines_seen(lines, inks)], edges[areas.edges_seen(edges)]))


def _middles(rects: Floats) -> Floats:
    x0, y0, x1, y1 = rects.T
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    level = (x1 - x0 >= y1 - y0)[:, None]
    return np.where(level, np.stack((x0, y, x1, y), axis=1), np.stack((x, y0, x, y1), axis=1))


def _edges(rects: Floats) -> Floats:
    return np.concatenate([rects[:, sides] for sides in ([0, 1, 2, 1], [0, 3, 2, 3], [0, 1, 0, 3], [2, 1, 2, 3])])


def _as_rects(ends: Floats) -> Rects:
    """Left, top, right, bottom, as frames take them."""
    x0, y0, x1, y1 = _ordered(ends).T
    return np.stack((x0, y1, x1, y0), axis=1).astype(np.float32)


def _ordered(ends: Floats) -> Floats:
    return np.concatenate((np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])), axis=1)


def _joined(ends: Floats, point_px: float) -> Floats:
    """Level lines (N, 4), those that continue or cover each other put together, each at its pieces' middle height."""
    if not len(ends):
        return ends
    heights = (ends[:, 1] + ends[:, 3]) / 2
    ends, heights, lanes = _by_lane(ends, heights, _SAME_PT * point_px)
    gap = _GAP_PT * point_px
    reach = np.maximum.accumulate(ends[:, 2] + lanes * (float(ends[:, 2].max()) + 10 * gap))
    new = ends[1:, 0] + lanes[1:] * (float(ends[:, 2].max()) + 10 * gap) > reach[:-1] + gap
    starts = np.concatenate(([0], np.flatnonzero(new) + 1))
    lengths = np.maximum(ends[:, 2] - ends[:, 0], 1e-3)
    middle = np.add.reduceat(heights * lengths, starts) / np.add.reduceat(lengths, starts)
    left, right = np.minimum.reduceat(ends[:, 0], starts), np.maximum.reduceat(ends[:, 2], starts)
    return np.stack((left, middle, right, middle), axis=1)


def _by_lane(ends: Floats, heights: Floats, same: float) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Lines sorted by lane, those of one height, and from left to right; with the number of each one's lane."""
    by_height = np.argsort(heights, kind="stable")
    lanes = np.empty(len(ends), np.int64)
    lanes[by_height] = np.concatenate(([0], np.cumsum(np.diff(heights[by_height]) > same)))
    order = np.lexsort((ends[:, 0], lanes))
    return ends[order], heights[order], lanes[order]
