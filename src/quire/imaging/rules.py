"""Ruling lines of a page image, by morphology."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quire.view import Rule


def find_rules(pixels: NDArray[np.uint8]) -> tuple[Rule, ...]:
    """Straight level and upright lines of ink.

    Args:
        pixels: (height, width, 3) uint8, BGR.
    """
    return ()
