"""Where a PDF page shows drawings: charts, diagrams and logos made of paths instead of pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from quire.document import Line
from quire.geometry import Box, bounds
from quire.sources.base import Raster
from quire.sources.page_paths import NO_COLOUR, WHITE, PagePaths
from quire.sources.path_shapes import Figures, Floats
from quire.sources.pdf_frame import POINTS_PER_INCH, PageFrame
from quire.sources.pictures import Coverage

_CELL_PT: Final = 6.0
_MOST_CELLS: Final = 400
_LEAST_SIDE_PT: Final = 24.0
_LEAST_AREA: Final = 0.004
_MOST_AREA: Final = 0.85
_FRAMING: Final = 0.6
"""Share of its bounds from which a figure follows them: a frame, whatever its corners."""
_ALONG_PT: Final = 1.0
_DESCRIBED: Final = 0.35
"""Share of its area from which what lies under text is decoration."""
_MAX_DRAWINGS: Final = 200
_NEAR_PT: Final = 1.0
_FRAMES: Final = 2
_LARGER: Final = 1.6
_LARGEST_FRAME: Final = 0.6
"""Share of the page: larger ones frame the page."""


def find_drawings(
    paths: PagePaths, figures: Figures, lines: Sequence[Line], frame: PageFrame, raster: Raster
) -> tuple[Box, ...]:
    """Areas of drawings in pixels of `raster`: where slanted and curved figures lie together, with their frames.

    Frames are the rectangles, axes and bars that touch them.
    """
    boxes = _boxes(figures.rects, frame, raster)
    visible = ~np.isin(paths.fills, (NO_COLOUR, WHITE)) | ~np.isin(paths.strokes, (NO_COLOUR, WHITE))
    bent = ~figures.straight & (_framing_share(figures) < _FRAMING) & visible[figures.paths]
    text = Coverage(raster.width, raster.height, [bounds([line.box]) for line in lines])
    point_px = raster.dpi / POINTS_PER_INCH
    areas = [
        area
        for area in _clusters(boxes[bent], raster)
        if min(area.width, area.height) >= _LEAST_SIDE_PT * point_px and text.share(area) < _DESCRIBED
    ]
    page = raster.width * raster.height
    frames = boxes[~bent]
    frames = frames[np.prod(frames[:, 2:] - frames[:, :2], axis=1) < _LARGEST_FRAME * page]
    grown = [_framed(area, frames, _NEAR_PT * point_px) for area in areas[:_MAX_DRAWINGS]]
    return tuple(area for area in _apart(grown) if _LEAST_AREA * page <= area.area <= _MOST_AREA * page)


def _boxes(rects: Floats, frame: PageFrame, raster: Raster) -> Floats:
    """Boxes (N, 4) in pixels, cut at the page's edges."""
    turned = frame.to_pixels(rects[:, [0, 3, 2, 1]].astype(np.float32), raster).astype(np.float64)
    return turned.clip(0, (raster.width, raster.height) * 2)


def _framing_share(figures: Figures) -> Floats:
    """How much of each figure's bounds its level and upright sides run along."""
    ends, owners = figures.sides.ends, figures.sides.figures
    around, lengths = figures.rects[owners], np.abs(ends[:, 2:] - ends[:, :2])
    # A level side lies at the height of the lower or upper bound, an upright one beside the left or right.
    off = np.minimum(np.abs(ends[:, :2] - around[:, :2]), np.abs(ends[:, :2] - around[:, 2:]))
    level = lengths[:, 0] >= lengths[:, 1]
    along = np.where(level, off[:, 1], off[:, 0]) <= _ALONG_PT
    covered = np.bincount(owners[along], lengths.max(axis=1)[along], minlength=len(figures.rects))
    outline = 2 * (figures.rects[:, 2:] - figures.rects[:, :2]).sum(axis=1)
    share: Floats = covered / np.maximum(outline, 1e-6)
    return share


def _clusters(boxes: Floats, raster: Raster) -> list[Box]:
    """Bounds of boxes that lie within two cells of each other, largest first."""
    cell = max(_CELL_PT * raster.dpi / POINTS_PER_INCH, max(raster.width, raster.height) / _MOST_CELLS)
    mask = np.zeros((int(raster.height / cell) + 1, int(raster.width / cell) + 1), np.uint8)
    for x0, y0, x1, y1 in (boxes / cell).astype(np.int64).tolist():
        mask[y0 : y1 + 1, x0 : x1 + 1] = 1
    _, labels = cv2.connectedComponents(cv2.dilate(mask, np.ones((3, 3), np.uint8)))
    if not len(boxes):
        return []
    x, y = (boxes[:, :2] / cell).astype(np.int64).T
    found = labels[y, x]
    order = np.argsort(found, kind="stable")
    starts = np.flatnonzero(np.diff(found[order], prepend=-1))
    low = np.minimum.reduceat(boxes[order, :2], starts)
    high = np.maximum.reduceat(boxes[order, 2:], starts)
    areas = [Box(*area) for area in np.concatenate((low, high), axis=1).tolist()]
    return sorted(areas, key=lambda area: -area.area)


def _framed(area: Box, frames: Floats, near: float) -> Box:
    """The area with its axes and bars, then with the frame around those: what touches it and is not much larger."""
    x0, y0, x1, y1 = frames.T
    for _ in range(_FRAMES):
        touching = (x0 <= area.x1 + near) & (x1 >= area.x0 - near) & (y0 <= area.y1 + near) & (y1 >= area.y0 - near)
        fitting = (x1 - x0 <= _LARGER * area.width) & (y1 - y0 <= _LARGER * area.height)
        around = np.concatenate((frames[touching & fitting], [area]))
        area = Box(*around[:, :2].min(axis=0).tolist(), *around[:, 2:].max(axis=0).tolist())
    return area


def _apart(areas: list[Box]) -> list[Box]:
    """Areas that overlap put together."""
    merged: list[Box] = []
    for area in areas:
        while True:
            overlapping = [other for other in merged if other.intersection(area) > 0]
            if not overlapping:
                break
            merged = [other for other in merged if other not in overlapping]
            area = bounds([area.quad, *(other.quad for other in overlapping)])
        merged.append(area)
    return [Box(*(round(float(value), 1) for value in area)) for area in merged]
