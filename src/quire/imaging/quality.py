"""What a page image is like: sharp, noisy, pale, unevenly lit. On a small copy, so that it costs a few milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.document import Line, Quality
from quire.imaging.grey import grey_of, level_counts
from quire.imaging.shrinking import shrunk

Grey = NDArray[np.uint8]

_SIDE_PX = 1000
_MOST_LINES = 500
_LIGHT_CELLS = 24
_NOISE_KERNEL = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
# The kernel's response to noise of deviation 1 deviates by 6; a normal distribution's median deviation is 0.6745.
_NOISE_SCALE = 0.6745 * 6


def measure(pixels: NDArray[np.uint8], lines: Sequence[Line] = ()) -> Quality:
    """Measures of a page image.

    Sharpness is the variance of the Laplacian (Pech-Pacheco 2000) inside text, on an image no longer than 1,000 pixels;
    noise is Immerkær's estimate (1996), with the median in place of the mean, which letters would raise.

    Args:
        pixels: (height, width, 3) uint8 BGR, or (height, width) grey.
        lines: read on the image, its pixels; where there are none, the whole image counts.
    """
    grey = grey_of(pixels)
    small, factor = shrunk(grey, _SIDE_PX)
    text = _text_mask(small.shape, lines[:_MOST_LINES], 1 / factor)
    dark, light = _percentiles(small, text, (0.05, 0.95))
    return Quality(
        sharpness=_sharpness(small, text),
        noise=_noise(grey),
        contrast=(light - dark) / 255,
        illumination=_illumination(small, text),
        text_height_px=text_height_px(lines),
    )


def text_height_px(lines: Sequence[Line]) -> float | None:
    """Median height of the lines, pixels; None without lines."""
    return median(_height(line) for line in lines) if lines else None


def _height(line: Line) -> float:
    (ax, ay), _, _, (dx, dy) = line.box
    return float(np.hypot(dx - ax, dy - ay))


def _text_mask(shape: tuple[int, ...], lines: Sequence[Line], scale: float) -> Grey:
    """255 inside the lines' boxes; everywhere when there are none."""
    mask = np.zeros(shape, np.uint8)
    for line in lines:
        cv2.fillConvexPoly(mask, np.rint(np.array(line.box) * scale).astype(np.int32), 255)
    return mask if mask.any() else np.full(shape, 255, np.uint8)


def _sharpness(grey: Grey, mask: Grey) -> float:
    _, deviation = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S), mask=mask)
    return float(deviation[0, 0]) ** 2


def _noise(grey: Grey) -> float:
    """On the middle of the image as it is: a smaller copy has less noise."""
    top, left = (max(0, (side - _SIDE_PX) // 2) for side in grey.shape)
    response = cv2.filter2D(grey[top : top + _SIDE_PX, left : left + _SIDE_PX], cv2.CV_16S, _NOISE_KERNEL)
    levels = np.asarray(cv2.convertScaleAbs(response), np.uint8)
    return _percentiles(levels, None, (0.5,))[0] / _NOISE_SCALE


def _illumination(grey: Grey, text: Grey) -> float:
    """The dimmest paper beside text against the brightest: paper is what is lightest in its neighbourhood."""
    paper = cv2.dilate(grey[::3, ::3], np.ones((5, 5), np.uint8))
    cells = tuple(max(1, min(_LIGHT_CELLS, side // 8)) for side in grey.shape[::-1])
    levels = np.asarray(cv2.resize(paper, cells, interpolation=cv2.INTER_AREA), np.uint8)
    covered = np.asarray(cv2.resize(text, cells, interpolation=cv2.INTER_AREA), np.uint8) > 0
    dim, bright = np.percentile(levels[covered] if covered.any() else levels, (5, 95))
    return float(dim / bright) if bright else 1.0


def _percentiles(grey: Grey, mask: Grey | None, shares: Sequence[float]) -> list[float]:
    """Grey levels below which these shares of the pixels are."""
    counts = level_counts(grey, mask)
    return [float(np.searchsorted(counts, share * counts[-1])) for share in shares]
