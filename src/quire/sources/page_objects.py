"""The objects of a PDF page in painting order, also those within forms; bounded, however many there are."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Final

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from quire.sources.pdfium import quick

_MAX_OBJECTS: Final = 100_000
_MAX_DEPTH: Final = 8

_pointer, _int = ctypes.c_void_p, ctypes.c_int
_count: Final = quick(raw.FPDFPage_CountObjects, _int, _pointer)
_object: Final = quick(raw.FPDFPage_GetObject, _pointer, _pointer, _int)
_form_count: Final = quick(raw.FPDFFormObj_CountObjects, _int, _pointer)
_form_object: Final = quick(raw.FPDFFormObj_GetObject, _pointer, _pointer, ctypes.c_ulong)
_type: Final = quick(raw.FPDFPageObj_GetType, _int, _pointer)
_matrix: Final = quick(raw.FPDFPageObj_GetMatrix, _int, _pointer, _pointer)

Matrix = NDArray[np.float64]
"""(3, 3), transforms row vectors (x, y, 1)."""


def walk(page: int) -> Iterator[tuple[int, int, Matrix]]:
    """Objects of a loaded page and its forms, with their kind and their form's matrix; the lock is held."""
    budget = _MAX_OBJECTS
    levels: list[tuple[Iterator[int], Matrix]] = [(objects_of(page), np.eye(3))]
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
            levels.append((_objects_of_form(item), matrix_of(item) @ outer))


def objects_of(page: int) -> Iterator[int]:
    """The page's own objects, forms as they are; the lock is held."""
    return (_object(page, i) for i in range(_count(page)))


def _objects_of_form(form: int) -> Iterator[int]:
    return (_form_object(form, i) for i in range(_form_count(form)))


def matrix_of(item: int) -> Matrix:
    """An object's own transform into its form's, or the page's, coordinates."""
    values = np.zeros(6, np.float32)
    _matrix(item, values.ctypes.data)
    a, b, c, d, e, f = values.astype(np.float64)
    return np.array(((a, b, 0), (c, d, 0), (e, f, 1)))
