"""Page images in grey: made once, whatever is measured on them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def grey_of(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The image (height, width), itself where it is that already.

    Args:
        pixels: (height, width, 3) uint8 BGR, or (height, width) grey.
    """
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8) if pixels.ndim == 3 else pixels


def level_counts(pixels: NDArray[np.uint8], mask: NDArray[np.uint8] | None = None) -> NDArray[np.float64]:
    """How many pixels have each grey level or a lower one, (256,); of those only where `mask` is not 0."""
    counts = cv2.calcHist([pixels], [0], mask, [256], [0, 256]).ravel()
    return np.cumsum(counts, dtype=np.float64)
