"""Boxes around what characters of a PDF draw: asked once for each glyph, since a page repeats few of them often."""

from __future__ import annotations

import ctypes
from collections import deque
from itertools import repeat
from typing import Final

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from quire.sources.pdf_frame import Rects
from quire.sources.pdfium import quick

_pointer, _int = ctypes.c_void_p, ctypes.c_int
_box: Final = quick(raw.FPDFText_GetCharBox, _int, _pointer, _int, *(4 * [_pointer]))

Ints = NDArray[np.int64]


def drawn_boxes(text_page: int, boxes: Rects, glyphs: Ints) -> Rects:
    """Left, top, right, bottom in PDF points, (N, 4) float32; the lock is held.

    A character that draws nothing, or of which PDFium does not know what, keeps its box.

    Args:
        boxes: (N, 4) of the characters, as high as the font.
        glyphs: (N,) a number for what each draws, and in which font, size and direction: equal ones lie alike in their
            boxes.
    """
    _, samples, kinds = np.unique(glyphs, return_index=True, return_inverse=True)
    found = _read(text_page, samples)
    # Hostile fonts are infinitely large.
    with np.errstate(invalid="ignore", over="ignore"):
        sizes = np.tile(boxes[:, 2:] - boxes[:, :2], 2)
        sizes[sizes == 0] = 1.0
        inset = (found - boxes[samples]) / sizes[samples]
        inset[(found[:, 2] <= found[:, 0]) | (found[:, 1] <= found[:, 3])] = 0.0
        drawn = boxes + inset[kinds] * sizes
    return np.where(np.isfinite(drawn).all(axis=1, keepdims=True), drawn, boxes).astype(np.float32)


def _read(text_page: int, characters: Ints) -> NDArray[np.float64]:
    found = np.zeros((len(characters), 4), np.float64)
    start, end, row_bytes = found.ctypes.data, found.ctypes.data + found.nbytes, found.strides[0]
    left, top, right, bottom = (range(start + column, end, row_bytes) for column in range(0, row_bytes, found.itemsize))
    deque(map(_box, repeat(text_page), characters.tolist(), left, right, bottom, top), maxlen=0)
    return found
