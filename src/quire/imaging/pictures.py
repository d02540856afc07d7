"""Areas of a page image that hold a picture, a chart or a drawing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quire.document import Line
from quire.geometry import Box


def find_pictures(pixels: NDArray[np.uint8], lines: Sequence[Line]) -> tuple[Box, ...]:
    """Areas of ink that is no text.

    Args:
        pixels: (height, width, 3) uint8, BGR.
        lines: read on the page, pixels of the same image.
    """
    return ()
