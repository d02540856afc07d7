"""Which edges of filled areas can be seen: a coarse picture of a page's filled rectangles, painted in their order."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.sources.page_paths import WHITE
from quire.sources.path_shapes import Floats
from quire.sources.pdf_frame import PageFrame

_MOST_CELLS: Final = 1_200
"""A side; an A4 page has a cell for each point."""
_MOST_PAINTED: Final = 50
"""Pages full of paint; what is painted after that is not looked at."""
_SAMPLES: Final = 24
_BESIDE: Final = 1.5
"""Cells from an edge to where its two sides are looked at."""
_SEEN: Final = 0.5

Colours = NDArray[np.int64]


class FilledAreas:
    """Colours of a page where rectangles are painted on white."""

    def __init__(self, rects: Floats, colours: Colours, frame: PageFrame) -> None:
        """Paints rectangles (N, 4), left, bottom, right, top in PDF points, in their order."""
        width, height = frame.right - frame.left, frame.top - frame.bottom
        self._origin = np.array((frame.left, frame.bottom))
        self._scale = min(1.0, _MOST_CELLS / max(width, height, 1.0))
        self._size = np.array((max(1, int(width * self._scale)), max(1, int(height * self._scale))))
        self._cells = np.full(self._size[::-1], WHITE, np.int32)
        cells = np.rint(self._to_cells(rects.reshape(-1, 2, 2)).reshape(-1, 4)).astype(np.int64)
        cells = cells.clip(0, np.tile(self._size, 2))
        painted = np.cumsum(np.prod(cells[:, 2:] - cells[:, :2], axis=1))
        within = painted <= _MOST_PAINTED * self._cells.size
        for (x0, y0, x1, y1), colour in zip(cells[within].tolist(), colours[within].tolist(), strict=True):
            self._cells[y0:y1, x0:x1] = colour

    def _to_cells(self, points: Floats) -> Floats:
        placed: Floats = (points - self._origin) * self._scale
        return placed

    def around(self, ends: Floats) -> tuple[Colours, Colours]:
        """Colours along both sides of level and upright lines (N, 4): two arrays (N, 24)."""
        start, end = self._to_cells(ends[:, None, :2]), self._to_cells(ends[:, None, 2:])
        shares = ((np.arange(_SAMPLES) + 0.5) / _SAMPLES)[:, None]
        along = start + (end - start) * shares
        across = np.abs(end - start)[..., ::-1]
        aside = _BESIDE * across / np.maximum(across.max(axis=2, keepdims=True), 1e-9)
        return self._at(along - aside), self._at(along + aside)

    def _at(self, points: Floats) -> Colours:
        x, y = np.moveaxis(points.clip(0, self._size - 1).astype(np.int64), 2, 0)
        colours: Colours = self._cells[y, x].astype(np.int64)
        return colours

    def edges_seen(self, ends: Floats) -> NDArray[np.bool_]:
        """Whether lines part two colours."""
        one, other = self.around(ends)
        seen: NDArray[np.bool_] = (one != other).mean(axis=1) >= _SEEN
        return seen

    def lines_seen(self, ends: Floats, colours: Colours) -> NDArray[np.bool_]:
        """Whether lines of these colours differ from what is around them."""
        one, other = self.around(ends)
        ink = colours[:, None]
        seen: NDArray[np.bool_] = ((one != ink) | (other != ink)).mean(axis=1) >= _SEEN
        return seen
