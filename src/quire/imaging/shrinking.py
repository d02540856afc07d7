"""Small copies of page images, to measure them quickly."""

from __future__ import annotations

from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray


def shrunk(pixels: NDArray[np.uint8], side_px: int) -> tuple[NDArray[np.uint8], int]:
    """The image in a whole number of times smaller, and that number: averaging whole blocks is ten times as fast.

    Args:
        pixels: (height, width) or (height, width, 3) uint8.
        side_px: of the copy's longer side, at most; up to a block of the right and lower edge is left out.
    """
    factor = max(1, ceil(max(pixels.shape[:2]) / side_px))
    height, width = (max(1, side // factor) for side in pixels.shape[:2])
    if factor == 1 or min(pixels.shape[:2]) < factor:
        return pixels, 1
    whole = pixels[: height * factor, : width * factor]
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8), factor
