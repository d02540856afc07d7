"""How a PDF page lies on its picture: crop box, /Rotate and resolution.

PDF coordinates are points (1/72 inch), origin at the bottom left, y up, before /Rotate. Pixels are those of
the upright page image, origin at the top left, y down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from quire.geometry import Box
from quire.sources.base import Raster
from quire.sources.pdfium import Handle

POINTS_PER_INCH: Final = 72.0
_MAX_RENDER_PIXELS: Final = 40_000_000
"""A page rendered larger would only cost time: A4 at 600 dpi has 35 million."""
_MAX_SIDE_PX: Final = 30_000
"""OpenCV's warps index with 16 bits."""

Rects = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The visible part of a page.

    Attributes:
        left, bottom, right, top: of the crop box within the media box, points.
        rotation: degrees clockwise (0, 90, 180, 270) that /Rotate turns it.
        width_pt, height_pt: of the page as it is shown, points.
    """

    left: float
    bottom: float
    right: float
    top: float
    rotation: int
    width_pt: float
    height_pt: float

    @property
    def area_pt(self) -> float:
        return self.width_pt * self.height_pt

    def raster(self, dpi: float, max_pixels: int) -> Raster:
        """Size at `dpi`, at less where that would exceed `max_pixels`, 40 million pixels or 30,000 a side."""
        allowed = min(max_pixels, _MAX_RENDER_PIXELS)
        by_area = POINTS_PER_INCH * (allowed / self.area_pt) ** 0.5
        by_side = POINTS_PER_INCH * _MAX_SIDE_PX / max(self.width_pt, self.height_pt)
        dpi = min(dpi, by_area, by_side)
        scale = dpi / POINTS_PER_INCH
        return Raster(max(1, round(self.width_pt * scale)), max(1, round(self.height_pt * scale)), dpi)

    def to_pixels(self, rects: Rects, raster: Raster) -> Rects:
        """Rectangles (N, 4): left, top, right, bottom in points → x0, y0, x1, y1 in pixels of `raster`."""
        x0, x1 = rects[:, 0] - self.left, rects[:, 2] - self.left
        y0, y1 = self.top - rects[:, 1], self.top - rects[:, 3]
        width, height = self.right - self.left, self.top - self.bottom
        if self.rotation == 90:
            x0, y0, x1, y1 = height - y1, x0, height - y0, x1
        elif self.rotation == 180:
            x0, y0, x1, y1 = width - x1, height - y1, width - x0, height - y0
        elif self.rotation == 270:
            x0, y0, x1, y1 = y0, width - x1, y1, width - x0
        x_scale, y_scale = raster.width / self.width_pt, raster.height / self.height_pt
        return np.stack((x0 * x_scale, y0 * y_scale, x1 * x_scale, y1 * y_scale), axis=1).astype(np.float32)

    def boxes(self, rects: Rects, raster: Raster) -> list[Box]:
        """The parts of rectangles (as for `to_pixels`) that lie on the page, to a tenth of a pixel; some are empty."""
        inside = self.to_pixels(rects, raster).clip(0, (raster.width, raster.height) * 2)
        return [Box(*rect) for rect in inside.astype(np.float64).round(1).tolist()]


def frame_of(page: Handle) -> PageFrame:
    """The frame of a loaded page; the lock is held."""
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, box)
    width_pt, height_pt = raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page)
    rotation = 90 * max(0, raw.FPDFPage_GetRotation(page))
    return PageFrame(box.left, box.bottom, box.right, box.top, rotation, max(width_pt, 0.01), max(height_pt, 0.01))
