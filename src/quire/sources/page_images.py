"""The images that a PDF page draws: where they lie and how many pixels they have. None is decoded."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from quire.sources.page_objects import Matrix, matrix_of
from quire.sources.pdf_frame import POINTS_PER_INCH, Rects
from quire.sources.pdfium import quick

_MAX_IMAGES: Final = 2_000

_pointer = ctypes.c_void_p
_pixel_size: Final = quick(raw.FPDFImageObj_GetImagePixelSize, ctypes.c_int, _pointer, _pointer, _pointer)


@dataclass(frozen=True, slots=True)
class PageImages:
    """Images of one page in the order in which they are painted, also those within forms.

    Attributes:
        rects: (N, 4) float32, left, top, right, bottom in PDF points.
        dpi: (N, 2) float32, pixels per inch along each image's own width and height.
        text_beneath: (N,) int, how many of the text objects asked about are painted before the image.
    """

    rects: Rects
    dpi: NDArray[np.float32]
    text_beneath: NDArray[np.int32]


class ImageReader:
    """Takes note of images as the page's objects pass by; the lock is held."""

    def __init__(self) -> None:
        self._found: list[tuple[list[float], tuple[float, float], int]] = []

    def add(self, item: int, outer: Matrix, text_beneath: int) -> None:
        """Notes one image; those beyond the 2,000th are left out."""
        if len(self._found) < _MAX_IMAGES:
            matrix = matrix_of(item) @ outer
            self._found.append((_rect(matrix), _dpi(item, matrix), text_beneath))

    def images(self) -> PageImages:
        return PageImages(
            rects=np.array([rect for rect, _, _ in self._found], np.float32).reshape(-1, 4),
            dpi=np.array([dpi for _, dpi, _ in self._found], np.float32).reshape(-1, 2),
            text_beneath=np.array([count for _, _, count in self._found], np.int32),
        )


def _rect(matrix: Matrix) -> list[float]:
    """Bounds of the unit square, where every image is drawn."""
    corners = np.array(((0, 0, 1), (1, 0, 1), (0, 1, 1), (1, 1, 1))) @ matrix
    left, bottom = corners[:, :2].min(axis=0)
    right, top = corners[:, :2].max(axis=0)
    return [left, top, right, bottom]


def _dpi(item: int, matrix: Matrix) -> tuple[float, float]:
    size_px = np.zeros(2, np.uint32)
    _pixel_size(item, size_px.ctypes.data, size_px.ctypes.data + 4)
    width_in, height_in = (max(hypot(*axis[:2]), 1e-6) / POINTS_PER_INCH for axis in matrix[:2])
    return size_px[0] / width_in, size_px[1] / height_in
