"""The images that a PDF page draws: where they lie and how many pixels they have. None is decoded."""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import hypot
from typing import Final

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from quire.sources.pdf_frame import POINTS_PER_INCH, Rects
from quire.sources.pdfium import Handle, address_of, quick

_MAX_OBJECTS: Final = 100_000
_MAX_IMAGES: Final = 2_000
_MAX_DEPTH: Final = 8

_pointer, _int = ctypes.c_void_p, ctypes.c_int
_count: Final = quick(raw.FPDFPage_CountObjects, _int, _pointer)
_object: Final = quick(raw.FPDFPage_GetObject, _pointer, _pointer, _int)
_form_count: Final = quick(raw.FPDFFormObj_CountObjects, _int, _pointer)
_form_object: Final = quick(raw.FPDFFormObj_GetObject, _pointer, _pointer, ctypes.c_ulong)
_type: Final = quick(raw.FPDFPageObj_GetType, _int, _pointer)
_matrix: Final = quick(raw.FPDFPageObj_GetMatrix, _int, _pointer, _pointer)
_pixel_size: Final = quick(raw.FPDFImageObj_GetImagePixelSize, _int, _pointer, _pointer, _pointer)

Matrix = NDArray[np.float64]


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


def read_images(page: Handle, text_objects: Collection[int]) -> PageImages:
    """The images of a loaded page; the lock is held.

    Args:
        text_objects: addresses of text objects, of which `text_beneath` counts.
    """
    found: list[tuple[list[float], tuple[float, float], int]] = []
    wanted, beneath = set(text_objects), 0
    for item, kind, outer in _walk(address_of(page)):
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            beneath += item in wanted
        elif kind == raw.FPDF_PAGEOBJ_IMAGE and len(found) < _MAX_IMAGES:
            matrix = _matrix_of(item) @ outer
            found.append((_rect(matrix), _dpi(item, matrix), beneath))
    return PageImages(
        rects=np.array([rect for rect, _, _ in found], np.float32).reshape(-1, 4),
        dpi=np.array([dpi for _, dpi, _ in found], np.float32).reshape(-1, 2),
        text_beneath=np.array([count for _, _, count in found], np.int32),
    )


def _walk(page: int) -> Iterator[tuple[int, int, Matrix]]:
    """Objects of the page and its forms in painting order, with their kind and their form's matrix."""
    budget = _MAX_OBJECTS
    levels: list[tuple[Iterator[int], Matrix]] = [(_objects_of_page(page), np.eye(3))]
    while levels and budget:
        objects, outer = levels[-1]
        item = next(objects, 0)
        if not item:
            levels.pop()
            continue
        budget -= 1
        kind = _type(item)
        if kind != raw.FPDF_PAGEOBJ_FORM:
            yield item, kind, outer
        elif len(levels) < _MAX_DEPTH:
            levels.append((_objects_of_form(item), _matrix_of(item) @ outer))


def _objects_of_page(page: int) -> Iterator[int]:
    return (_object(page, i) for i in range(_count(page)))


def _objects_of_form(form: int) -> Iterator[int]:
    return (_form_object(form, i) for i in range(_form_count(form)))


def _matrix_of(item: int) -> Matrix:
    """Transform of row vectors (x, y, 1)."""
    values = np.zeros(6, np.float32)
    _matrix(item, values.ctypes.data)
    a, b, c, d, e, f = values.astype(np.float64)
    return np.array(((a, b, 0), (c, d, 0), (e, f, 1)))


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
