"""Finds text lines: Differentiable Binarization (arXiv:1911.08947) on PP-OCRv6's detector."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.engines.ppocr.graphs import LOGITS, PIXELS
from quire.runtimes.base import Session

# Probability 0.3 separates text from ground, as a logit.
_TEXT_LOGIT = float(np.log(0.3 / 0.7))
_MIN_SCORE = 0.5
_UNCLIP = 1.6
_MIN_SIDE_PX = 2
_MAX_LINES = 3000
_STEP = 64
"""Sides of the network's input are multiples of this, so that few shapes are compiled."""

_MAX_ENLARGEMENT = 2.0
_TILE_PX = 1024
TILE_MARGIN_PX = 96
"""A page larger than a tile is looked at in tiles, so that memory does not grow with the page; their margins
overlap and only the inner parts count."""


class Detector:
    """Page image → quads. Threads may share it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def detect(self, pixels: NDArray[np.uint8], side_px: int) -> NDArray[np.float32]:
        """Quads of text lines, (N, 4, 2) float32, pixels, TL-TR-BR-BL in the reading direction they lie in.

        Args:
            pixels: (H, W, 3) uint8, BGR.
            side_px: side of the square whose area the network's input gets.
        """
        height, width = pixels.shape[:2]
        rows, columns = input_size(height, width, side_px)
        # Averaging matters only where whole pixels would be skipped.
        method = cv2.INTER_AREA if height > 2.5 * rows else cv2.INTER_LINEAR
        resized = np.asarray(cv2.resize(pixels, (columns, rows), interpolation=method), np.uint8)
        quads = quads_of(self._logits(resized))
        return quads * np.array([width / columns, height / rows], np.float32)

    def _logits(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Text logits of each pixel, (H, W), for an image (H, W, 3) whose sides are multiples of 64."""
        height, width = pixels.shape[:2]
        if height * width <= _TILE_PX**2:
            return self._tile(pixels)
        result = np.empty((height, width), np.float32)
        for top, bottom, row in tiling(height, width):
            for left, right, column in tiling(width, height):
                tile = self._tile(np.ascontiguousarray(pixels[row, column]))
                inner = tile[top - row.start : bottom - row.start, left - column.start : right - column.start]
                result[top:bottom, left:right] = inner
        return result

    def _tile(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        return pixel_map(np.asarray(self._session.run({PIXELS: pixels[None]})[LOGITS][0], np.float32))


def input_size(height: int, width: int, side_px: int) -> tuple[int, int]:
    """Rows and columns of the network's input: the page's shape, `side_px`² pixels, sides multiples of 64."""
    scale = min(side_px / (height * width) ** 0.5, _MAX_ENLARGEMENT)
    # A line one pixel high becomes a step high; its length must make up for that.
    longest = side_px**2 // _STEP // _STEP * _STEP
    rows, columns = (min(longest, max(_STEP, round(side * scale / _STEP) * _STEP)) for side in (height, width))
    return rows, columns


def tiling(length: int, other: int) -> list[tuple[int, int, slice]]:
    """Parts of a side that together cover it: start and end of what counts, and the slice that is looked at.

    All slices of a side are equally long, so that tiles share one compiled shape. A narrow page gets longer tiles.
    """
    longest = max(_TILE_PX, _TILE_PX**2 // min(other, _TILE_PX) // _STEP * _STEP)
    if length <= longest:
        return [(0, length, slice(0, length))]
    stride = longest - 2 * TILE_MARGIN_PX
    count = -(-(length - 2 * TILE_MARGIN_PX) // stride)
    parts: list[tuple[int, int, slice]] = []
    for index in range(count):
        start = min(index * stride, length - longest)
        begin = 0 if index == 0 else parts[-1][1]
        end = length if index == count - 1 else start + longest - TILE_MARGIN_PX
        parts.append((begin, end, slice(start, start + longest)))
    return parts


def pixel_map(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """(16, h, w) channels, channel 4r+s being pixel (r, s) of each 4×4 cell → (4h, 4w)."""
    _, height, width = logits.shape
    result = np.empty((height, 4, width * 4), np.float32)
    for row in range(4):
        result[:, row] = cv2.merge(list(logits[4 * row : 4 * row + 4])).reshape(height, width * 4)
    return result.reshape(height * 4, width * 4)


def quads_of(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rectangles around the connected text areas of a map of logits (H, W), grown to the letters' full extent."""
    mask = (logits > _TEXT_LOGIT).astype(np.uint8)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in _largest([np.asarray(found, np.int32) for found in contours]):
        rectangle = cv2.minAreaRect(contour)
        (_, _), (width, height), _ = rectangle
        if min(width, height) < _MIN_SIDE_PX or _score(logits, contour) < _MIN_SCORE:
            continue
        # The network was taught shrunken areas; growing by area × ratio / perimeter undoes that (paper, eq. 10).
        grow = _UNCLIP * width * height / (width + height)
        grown = (rectangle[0], (width + grow, height + grow), rectangle[2])
        quads.append(_ordered(np.asarray(cv2.boxPoints(grown), np.float32)))
    return np.array(quads, np.float32).reshape(-1, 4, 2)


def _largest(contours: list[NDArray[np.int32]]) -> list[NDArray[np.int32]]:
    """At most `_MAX_LINES`: empty paper can give thousands of specks, which must not crowd out the lines."""
    areas = [(width * height, min(width, height)) for _, _, width, height in map(cv2.boundingRect, contours)]
    chosen = [index for index, (_, side) in enumerate(areas) if side >= _MIN_SIDE_PX]
    if len(chosen) > _MAX_LINES:
        chosen = sorted(sorted(chosen, key=lambda index: areas[index][0], reverse=True)[:_MAX_LINES])
    return [contours[index] for index in chosen]


def _score(logits: NDArray[np.float32], contour: NDArray[np.int32]) -> float:
    """Mean text probability inside a contour."""
    left, top, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [contour - np.array([left, top])], 1)
    area = logits[top : top + height, left : left + width]
    return float((1 / (1 + np.exp(-area[inside.astype(bool)]))).mean())


def _ordered(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """Corners of a rectangle as TL-TR-BR-BL: clockwise on the screen, starting with the least x + y."""
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left = by_x[:2][np.argsort(by_x[:2, 1], kind="stable")]
    right = by_x[2:][np.argsort(by_x[2:, 1], kind="stable")]
    return np.array([left[0], right[0], right[1], left[1]], np.float32)
