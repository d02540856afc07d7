"""The paths that a PDF page draws, as PDFium has them: corners and curves in arrays, in PDF points."""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from typing import Final

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from quire.sources.page_objects import Matrix
from quire.sources.pdfium import quick

_MAX_PATHS: Final = 20_000
_MAX_POINTS: Final = 100_000
_LEAST_ALPHA: Final = 16
_COLOUR_BITS: Final = 5
"""Shades that differ by less are the same to the eye."""
NO_COLOUR: Final = -1
WHITE: Final = (1 << 3 * _COLOUR_BITS) - 1

_pointer, _int = ctypes.c_void_p, ctypes.c_int
_count: Final = quick(raw.FPDFPath_CountSegments, _int, _pointer)
_segment: Final = quick(raw.FPDFPath_GetPathSegment, _pointer, _pointer, _int)
_point: Final = quick(raw.FPDFPathSegment_GetPoint, _int, _pointer, _pointer, _pointer)
_kind: Final = quick(raw.FPDFPathSegment_GetType, _int, _pointer)
_closes: Final = quick(raw.FPDFPathSegment_GetClose, _int, _pointer)
_matrix: Final = quick(raw.FPDFPageObj_GetMatrix, _int, _pointer, _pointer)
_draw_mode: Final = quick(raw.FPDFPath_GetDrawMode, _int, _pointer, _pointer, _pointer)
_fill: Final = quick(raw.FPDFPageObj_GetFillColor, _int, _pointer, _pointer, _pointer, _pointer, _pointer)
_stroke: Final = quick(raw.FPDFPageObj_GetStrokeColor, _int, _pointer, _pointer, _pointer, _pointer, _pointer)


@dataclass(frozen=True, slots=True)
class PagePaths:
    """Paths in painting order; points of one path follow each other.

    Attributes:
        points: (N, 2) float64, x and y in PDF points.
        kinds: (N,) int8: `FPDF_SEGMENT_MOVETO`, `_LINETO` or `_BEZIERTO`.
        closes: (N,) bool, whether the path returns from here to where it was moved to last.
        owners: (N,) int64, ascending: the path of each point.
        fills, strokes: (M,) int64, the colours that each path is painted with: `NO_COLOUR`, `WHITE`, or another number.
    """

    points: NDArray[np.float64]
    kinds: NDArray[np.int8]
    closes: NDArray[np.bool_]
    owners: NDArray[np.int64]
    fills: NDArray[np.int64]
    strokes: NDArray[np.int64]


class PathReader:
    """Takes note of paths as the page's objects pass by; the lock is held."""

    def __init__(self) -> None:
        self._points = _Table(_MAX_POINTS, 2)
        self._matrices = _Table(_MAX_PATHS, 6)
        self._kinds: list[int] = []
        self._closes: list[int] = []
        self._counts: list[int] = []
        self._outers: list[Matrix] = []
        self._painted: list[tuple[int, int]] = []
        self._ints = np.zeros(4, np.uint32)
        self._at = [self._ints.ctypes.data + 4 * place for place in range(4)]

    def add(self, item: int, outer: Matrix) -> None:
        """Notes one path, unless it is invisible, or the page has too many."""
        count, place = _count(item), len(self._painted)
        if not 2 <= count <= _MAX_POINTS - len(self._kinds) or place >= _MAX_PATHS:
            return
        fill, stroke = self._paint(item)
        if fill == stroke == NO_COLOUR:
            return
        segments = list(map(_segment, repeat(item), range(count)))
        xs = self._points.addresses(len(self._kinds), count)
        deque(map(_point, segments, xs, range(xs.start + 4, xs.stop + 4, xs.step)), maxlen=0)
        _matrix(item, self._matrices.addresses(place, 1).start)
        self._kinds += map(_kind, segments)
        self._closes += map(_closes, segments)
        self._counts.append(count)
        self._outers.append(outer)
        self._painted.append((fill, stroke))

    def _paint(self, item: int) -> tuple[int, int]:
        """The colours of a path's inside and outline."""
        if not _draw_mode(item, *self._at[:2]):
            return NO_COLOUR, NO_COLOUR
        fills, strokes = self._ints[:2].tolist()
        return self._colour(_fill, item) if fills else NO_COLOUR, self._colour(_stroke, item) if strokes else NO_COLOUR

    def _colour(self, read: Callable[..., int], item: int) -> int:
        if not read(item, *self._at):
            return 0
        red, green, blue, alpha = self._ints.tolist()
        if alpha < _LEAST_ALPHA:
            return NO_COLOUR
        lost = 8 - _COLOUR_BITS
        return (red >> lost) << 2 * _COLOUR_BITS | (green >> lost) << _COLOUR_BITS | blue >> lost

    def paths(self) -> PagePaths | None:
        """What was noted, None where that is nothing."""
        if not self._painted:
            return None
        owners = np.repeat(np.arange(len(self._counts)), self._counts)
        painted = np.array(self._painted, np.int64).reshape(-1, 2)
        return PagePaths(
            points=self._placed(owners),
            kinds=np.array(self._kinds, np.int8),
            closes=np.array(self._closes, bool),
            owners=owners,
            fills=painted[:, 0],
            strokes=painted[:, 1],
        )

    def _placed(self, owners: NDArray[np.int64]) -> NDArray[np.float64]:
        """Points of all paths where their own and their forms' matrices put them."""
        outers = np.array(self._outers, np.float64).reshape(-1, 3, 3)
        own = np.zeros_like(outers)
        own[:, :, :2] = self._matrices.rows[: len(outers)].reshape(-1, 3, 2)
        own[:, 2, 2] = 1.0
        matrices = (own @ outers)[owners]
        points = self._points.rows[: len(owners)].astype(np.float64)
        placed: NDArray[np.float64] = np.einsum("ni,nij->nj", points, matrices[:, :2, :2]) + matrices[:, 2, :2]
        return np.nan_to_num(placed, posinf=0.0, neginf=0.0)


class _Table:
    """Rows of float32 that PDFium writes to by address; memory is used as it is written."""

    def __init__(self, rows: int, columns: int) -> None:
        self.rows = np.zeros((rows, columns), np.float32)
        self._start = self.rows.ctypes.data

    def addresses(self, first: int, count: int) -> range:
        """Addresses of `count` rows from row `first` on."""
        step = self.rows.strides[0]
        return range(self._start + first * step, self._start + (first + count) * step, step)
