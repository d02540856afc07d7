"""Where text is too small for the detector, beside larger text: notes, and tables whose rows run together."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from quire.engines.ppocr.crops import size

_TALL: Final = 1.5
"""Heights of the page's small lines from which an area may hold two of them."""
_DOUBTFUL: Final = 0.85
_LEAST_AREAS: Final = 2
_LEAST_LETTERS: Final = 4
_MARGIN: Final = 2.0
_MOST_BANDS: Final = 8


class Band(NamedTuple):
    """Rows of a page, pixels; `bottom` is exclusive."""

    top: int
    bottom: int


def crowded_bands(
    quads: NDArray[np.float32],
    confidences: NDArray[np.float32],
    letters: NDArray[np.int64],
    height_px: int,
    legible_px: float,
) -> list[Band]:
    """Bands of the page in which lines seem to be cut short, or to have run together, from top to bottom.

    Args:
        quads: (N, 4, 2) of the areas that were read.
        confidences: (N,) of their readings; an area with two lines in it reads badly.
        letters: (N,) how many were read.
        height_px: of the page.
        legible_px: width of the narrowest letters on the page that the detector sees well.
    """
    sure = confidences >= _DOUBTFUL
    if sure.sum() < 2 * _LEAST_AREAS:
        return []
    widths, heights = size(quads)
    small = float(np.percentile(heights[sure], 25))
    merged = ~sure & (heights > _TALL * small) & (widths < 40 * small) & (heights < 12 * small)
    merged |= sure & (letters >= _LEAST_LETTERS) & (widths < legible_px * letters)
    tops, bottoms = quads[:, :, 1].min(axis=1) - _MARGIN * small, quads[:, :, 1].max(axis=1) + _MARGIN * small
    bands = _joined(sorted(zip(tops[merged].tolist(), bottoms[merged].tolist(), strict=True)))
    whole = [
        Band(max(0, int(top)), min(height_px, int(bottom) + 1)) for top, bottom, areas in bands if areas >= _LEAST_AREAS
    ]
    return whole[:_MOST_BANDS]


def inside(quads: NDArray[np.float32], band: Band) -> NDArray[np.bool_]:
    """Which quads (N, 4, 2) have their middle in the band, (N,)."""
    middle = quads[:, :, 1].mean(axis=1)
    return np.asarray((middle >= band.top) & (middle < band.bottom))


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float, int]]:
    """Spans that overlap as one, with the number of them; in ascending order."""
    result: list[tuple[float, float, int]] = []
    for top, bottom in spans:
        if result and top <= result[-1][1]:
            start, end, areas = result[-1]
            result[-1] = (start, max(end, bottom), areas + 1)
        else:
            result.append((top, bottom, 1))
    return result
