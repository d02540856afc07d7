"""The paths that a PDF page draws, as PDFium has them: corners and curves in arrays, in PDF points."""

from __future__ import annotations

import ctypes
from collections import deque
from dataclasses import dataclass
from itertools import repeat
from typing import Final

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from quire.sources.page_objects import Matrix, matrix_of
from quire.sources.pdfium import quick

_MAX_PATHS: Final = 20_000
_MAX_POINTS: Final = 100_000
_MAX_POINTS_A_PATH: Final = 20_000
_FULLY: Final = 250
"""Colour from which ink is white, of 255."""

_pointer, _int = ctypes.c_void_p, ctypes.c_int
_count: Final = quick(raw.FPDFPath_CountSegments, _int, _pointer)
_segment: Final = quick(raw.FPDFPath_GetPathSegment, _pointer, _pointer, _int)
_point: Final = quick(raw.FPDFPathSegment_GetPoint, _int, _pointer, _pointer, _pointer)
_kind: Final = quick(raw.FPDFPathSegment_GetType, _int, _pointer)
_closes: Final = quick(raw.FPDFPathSegment_GetClose, _int, _pointer)
_draw_mode: Final = quick(raw.FPDFPath_GetDrawMode, _int, _pointer, _pointer, _pointer)
_fill: Final = quick(raw.FPDFPageObj_GetFillColor, _int, _pointer, _pointer, _pointer, _pointer, _pointer)
_stroke: Final = quick(raw.FPDFPageObj_GetStrokeColor, _int, _pointer, _pointer, _pointer, _pointer, _pointer)


@dataclass(frozen=True, slots=True)
class PagePaths:
    """Visible paths in painting order; points of one path follow each other.

    Attributes:
        points: (N, 2) float64, x and y in PDF points.
        kinds: (N,) int8: `FPDF_SEGMENT_MOVETO`, `_LINETO` or `_BEZIERTO`.
        closes: (N,) bool, whether the path returns from here to where it was moved to last.
        owners: (N,) int64, ascending: the path of each point.
        filled, stroked: (M,) bool, how each path is painted, in another colour than white.
    """

    points: NDArray[np.float64]
    kinds: NDArray[np.int8]
    closes: NDArray[np.bool_]
    owners: NDArray[np.int64]
    filled: NDArray[np.bool_]
    stroked: NDArray[np.bool_]


class PathReader:
    """Takes note of paths as the page's objects pass by; the lock is held."""

    def __init__(self) -> None:
        self._chunks: list[tuple[NDArray[np.float64], list[int], list[int]]] = []
        self._painted: list[tuple[bool, bool]] = []
        self._budget = _MAX_POINTS
        self._ints = np.zeros(4, np.uint32)
        self._at = [self._ints.ctypes.data + 4 * place for place in range(4)]

    def add(self, item: int, outer: Matrix) -> None:
        """Notes one path, unless it is invisible, or the page has too many."""
        filled, stroked = self._paint(item)
        count = min(_count(item), _MAX_POINTS_A_PATH)
        if not (filled or stroked) or count < 2 or count > self._budget or len(self._painted) >= _MAX_PATHS:
            return
        self._budget -= count
        segments = list(map(_segment, repeat(item), range(count)))
        points = np.zeros((count, 2), np.float32)
        xs = range(points.ctypes.data, points.ctypes.data + points.nbytes, 8)
        ys = range(points.ctypes.data + 4, points.ctypes.data + 4 + points.nbytes, 8)
        deque(map(_point, segments, xs, ys), maxlen=0)
        matrix = matrix_of(item) @ outer
        placed = points.astype(np.float64) @ matrix[:2, :2] + matrix[2, :2]
        self._chunks.append((placed, list(map(_kind, segments)), list(map(_closes, segments))))
        self._painted.append((filled, stroked))

    def _paint(self, item: int) -> tuple[bool, bool]:
        """Whether a path is filled and whether it is stroked, white aside."""
        if not _draw_mode(item, *self._at[:2]):
            return False, False
        fills, strokes = bool(self._ints[0]), bool(self._ints[1])
        return fills and self._inked(_fill, item), strokes and self._inked(_stroke, item)

    def _inked(self, colour: object, item: int) -> bool:
        if not colour(item, *self._at):  # type: ignore[operator]
            return True
        red, green, blue, alpha = self._ints.tolist()
        return alpha > 0 and min(red, green, blue) < _FULLY

    def paths(self) -> PagePaths:
        counts = [len(kinds) for _, kinds, _ in self._chunks]
        painted = np.array(self._painted, bool).reshape(-1, 2)
        return PagePaths(
            points=np.concatenate([np.zeros((0, 2)), *(points for points, _, _ in self._chunks)]),
            kinds=np.array([kind for _, kinds, _ in self._chunks for kind in kinds], np.int8),
            closes=np.array([close for _, _, closes in self._chunks for close in closes], bool),
            owners=np.repeat(np.arange(len(counts)), counts),
            filled=painted[:, 0],
            stroked=painted[:, 1],
        )
