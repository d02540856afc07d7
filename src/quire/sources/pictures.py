"""Which images of a PDF page may hold text that its text layer does not: they need OCR."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.document import Line
from quire.geometry import Box, bounds
from quire.sources.base import Raster
from quire.sources.page_images import PageImages
from quire.sources.pdf_frame import PageFrame

FULL_PAGE: Final = 0.85
"""Share of the page from which an image, or images together, are the page."""
_MIN_AREA: Final = 0.02
_MIN_SIDE_IN: Final = 40 / 150
_MIN_DPI: Final = 30.0
"""Letters of coarser images cannot be read: gradients and backgrounds, stretched."""
_DESCRIBED: Final = 0.5
_BACKGROUND_CHARACTERS: Final = 200
"""A page-sized image under more text than this is a background."""
_GRID: Final = 128
_TOUCHING_PX: Final = 2.0
_PLAUSIBLE_DPI: Final = (10.0, 2400.0)


class Coverage:
    """A coarse map (128 cells a side) of how often boxes cover each part of a page."""

    def __init__(self, width: float, height: float, boxes: Sequence[Box]) -> None:
        self._scale = np.array((_GRID / width, _GRID / height) * 2)
        self.cells: NDArray[np.uint16] = np.zeros((_GRID, _GRID), np.uint16)
        for x0, y0, x1, y1 in self._windows(boxes):
            self.cells[y0:y1, x0:x1] += 1

    def _windows(self, boxes: Sequence[Box]) -> list[list[int]]:
        """Cells of each box, at least one."""
        cells = np.rint(np.array(boxes).reshape(-1, 4) * self._scale).clip(0, _GRID).astype(int)
        cells[:, :2] = cells[:, :2].clip(0, _GRID - 1)
        cells[:, 2:] = np.maximum(cells[:, 2:], cells[:, :2] + 1)
        windows: list[list[int]] = cells.tolist()
        return windows

    def share(self, box: Box | None = None) -> float:
        """Share (0 to 1) of `box`, or of the page, that is covered."""
        x0, y0, x1, y1 = self._windows([box])[0] if box else (0, 0, _GRID, _GRID)
        return float((self.cells[y0:y1, x0:x1] > 0).mean())

    @property
    def layers(self) -> float:
        """How many boxes lie on each other where there are any, in the mean; 0 where there are none."""
        covered = self.cells[self.cells > 0]
        return float(covered.mean()) if covered.size else 0.0


def image_boxes(images: PageImages, frame: PageFrame, raster: Raster) -> list[Box]:
    """Visible parts of the images fine enough to hold text, pixels; strips of one scan are put together."""
    boxes = frame.boxes(images.rects[images.dpi.min(axis=1, initial=np.inf) >= _MIN_DPI], raster)
    return _merged(_merged([box for box in boxes if box.area > 0], vertical=True), vertical=False)


def illustrations(images: PageImages, frame: PageFrame, raster: Raster) -> tuple[Box, ...]:
    """Visible parts of all images but those that are the page's background, pixels; strips are put together."""
    page = FULL_PAGE * raster.width * raster.height
    boxes = [box for box in frame.boxes(images.rects, raster) if box.area > 0]
    merged = _merged(_merged(boxes, vertical=True), vertical=False)
    return tuple(box for box in merged if box.area < page)


def _merged(boxes: list[Box], *, vertical: bool) -> list[Box]:
    """Boxes with neighbours of the same column (or row) that touch put together."""

    def lane(box: Box) -> tuple[float, float, float, float]:
        return (box.x0, box.x1, box.y0, box.y1) if vertical else (box.y0, box.y1, box.x0, box.x1)

    merged: list[Box] = []
    for box in sorted(boxes, key=lane):
        near = [abs(a - b) for a, b in zip(lane(box)[:2], lane(merged[-1])[:2], strict=True)] if merged else [9.0]
        if max(near) <= _TOUCHING_PX and lane(box)[2] <= lane(merged[-1])[3] + _TOUCHING_PX:
            merged[-1] = bounds((merged[-1].quad, box.quad))
        else:
            merged.append(box)
    return merged


def undescribed(boxes: Sequence[Box], lines: Sequence[Line], raster: Raster) -> tuple[Box, ...]:
    """The boxes that are large enough to hold text and that the lines leave empty for the most part.

    A page-sized image under plenty of text is its background, and left out.
    """
    least_px = _MIN_SIDE_IN * raster.dpi
    least_area = _MIN_AREA * raster.width * raster.height
    most_area = float(raster.width * raster.height)
    if sum(len(line.text) for line in lines) >= _BACKGROUND_CHARACTERS:
        most_area *= FULL_PAGE
    large = [box for box in boxes if min(box.width, box.height) >= least_px and least_area <= box.area <= most_area]
    if not large:
        return ()
    text = Coverage(raster.width, raster.height, [_with_leading(bounds([line.box])) for line in lines])
    return tuple(box for box in large if text.share(box) < _DESCRIBED)


def _with_leading(box: Box) -> Box:
    margin = min(box.width, box.height) / 2
    return Box(box.x0 - margin, box.y0 - margin, box.x1 + margin, box.y1 + margin)


def scan_dpi(images: PageImages, frame: PageFrame) -> float | None:
    """Resolution of the image that fills the page, the finest of several; None when none does."""
    raster = Raster(_GRID, _GRID, 1.0)
    rects = frame.to_pixels(images.rects, raster).clip(0, _GRID)
    areas = (rects[:, 2] - rects[:, 0]) * (rects[:, 3] - rects[:, 1])
    dpi = np.median(images.dpi, axis=1)
    if not len(areas) or Coverage(_GRID, _GRID, [Box(*rect) for rect in rects.tolist()]).share() < FULL_PAGE:
        return None
    whole = areas >= FULL_PAGE * _GRID * _GRID
    best = float(dpi[whole].max()) if whole.any() else float(np.median(dpi[areas >= areas.max() / 2]))
    lowest, highest = _PLAUSIBLE_DPI
    return best if lowest <= best <= highest else None
