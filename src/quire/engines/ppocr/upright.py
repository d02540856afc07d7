"""Which way up a page and its lines stand, found by reading: no extra network, and no line turned unless that reads
better (a classifier of single lines turns long upright ones upside down)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.engines.ppocr.crops import sideways, size
from quire.engines.ppocr.ctc import Characters

Read = Callable[[NDArray[np.int64], int], Sequence[Characters]]
"""Reads the quads of these indices as if the page had been turned clockwise by so many quarters."""

_SAMPLE = 6
_SURE = 0.85
_MARGIN = 1.2
_LONG = 3.0
_WORTH_READING = 0.6


def quarter_turns(quads: NDArray[np.float32], read: Read) -> int:
    """Clockwise quarter turns that make the page upright, 0 to 3.

    The long boxes vote whether lines run across or along the page; then the six longest are read both ways round.

    Args:
        quads: (N, 4, 2) text areas of the page as it is.
    """
    along = _runs_along(quads)
    chosen = longest(quads, along=along)
    if not len(chosen):
        return 0
    # Text that runs up the page stands upright after a quarter turn clockwise, text that runs down after three.
    first, second = (1, 3) if along else (0, 2)
    forth = read(chosen, first)
    if not along and _confidence(forth) >= _SURE:
        return 0
    back = read(chosen, second)
    if along and max(_confidence(forth), _confidence(back)) < _WORTH_READING:
        return 0  # columns of vertical writing, or no text at all
    if along:
        return first if _score(forth) >= _score(back) else second
    return second if _score(back) > _MARGIN * _score(forth) else first


def longest(quads: NDArray[np.float32], *, along: bool = False) -> NDArray[np.int64]:
    """Indices of the six longest lines that run across the page, or along it."""
    width, height = size(quads)
    long, short = np.maximum(width, height), np.minimum(width, height)
    lines = np.flatnonzero((long >= _LONG * np.maximum(short, 1)) & (sideways(quads) == along))
    return lines[np.argsort(-long[lines], kind="stable")][:_SAMPLE]


def _runs_along(quads: NDArray[np.float32]) -> bool:
    width, height = size(quads)
    long, short = np.maximum(width, height), np.minimum(width, height)
    lines, tall = long >= _LONG * np.maximum(short, 1), sideways(quads)
    return bool(long[lines & tall].sum() > long[lines & ~tall].sum())


def turned(quads: NDArray[np.float32], turns: int) -> NDArray[np.float32]:
    """The quads (N, 4, 2) with their first corner where the text's own top left is, if the page had to be turned
    clockwise `turns` quarters to stand upright."""
    return np.roll(quads, turns, axis=1)


def turn_image(pixels: NDArray[np.uint8], turns: int) -> NDArray[np.uint8]:
    """The image (H, W, 3) turned clockwise by `turns` quarters."""
    if turns == 0:
        return pixels
    codes = {1: cv2.ROTATE_90_CLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_COUNTERCLOCKWISE}
    return np.asarray(cv2.rotate(pixels, codes[turns]), np.uint8)


def skew_degrees(quads: NDArray[np.float32]) -> float:
    """Median tilt of the long lines, clockwise positive, degrees; 0 when there are none."""
    if not len(quads):
        return 0.0
    width, height = size(quads)
    long = width >= _LONG * np.maximum(height, 1)
    if not long.any():
        return 0.0
    run = quads[long, 1] - quads[long, 0]
    angles = np.degrees(np.arctan2(run[:, 1], run[:, 0]))
    order = np.argsort(angles)
    weight = np.cumsum(width[long][order])
    return float(angles[order][np.searchsorted(weight, weight[-1] / 2)])


def _confidence(reads: Sequence[Characters]) -> float:
    letters = sum(len(read.texts) for read in reads)
    return sum(float(read.confidences.sum()) for read in reads) / letters if letters else 0.0


def _score(reads: Sequence[Characters]) -> float:
    """Sum of the squared confidences: many letters read with certainty."""
    return sum(float((read.confidences**2).sum()) for read in reads)
