"""Quads of a page → upright strips of the recognizer's height."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT = 48
"""Rows of a strip: what the recognizer was trained on."""

# Widths that strips are brought to: steps of an eighth, so that no letter changes its shape by more than a sixteenth.
# Each width costs the runtime 60 ms and 9 MB once, so there are few.
WIDTHS = np.array([
    48, 64, 80, 96, 112, 128, 144, 160, 184, 208, 240, 272, 304, 344, 384, 432, 488, 552, 624, 704, 792, 888, 1000,
    1120, 1256, 1408, 1576, 1768, 1984, 2224, 2496,
])  # fmt: skip
MAX_WIDTH = int(WIDTHS[-1])
"""A wider strip is read in pieces."""

_OVERLAP = 480
_STEP = 8  # columns of a strip that make one of the network's output

# A strip up to this wide keeps its shape: short lines cost little, and their letters have no context to help.
_UNSQUEEZED = 480

# A quad this many times taller than wide holds a line that runs up or down the page.
_SIDEWAYS = 1.5


def size(quads: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Width along the text and height across it, pixels: (N,) each, for quads (N, 4, 2)."""
    top = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
    bottom = np.linalg.norm(quads[:, 2] - quads[:, 3], axis=1)
    left = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    right = np.linalg.norm(quads[:, 2] - quads[:, 1], axis=1)
    return np.maximum(top, bottom), np.maximum(left, right)


def sideways(quads: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which quads (N, 4, 2) are so tall that their text must run vertically."""
    width, height = size(quads)
    return height >= _SIDEWAYS * width


def natural_width(quads: NDArray[np.float32]) -> NDArray[np.float32]:
    """Widths of the quads' strips in their own shape, unsqueezed: (N,), columns."""
    width, height = size(quads)
    return np.asarray(HEIGHT * width / np.maximum(height, 1), np.float32)


def strip_width(natural: float, squeeze: float) -> int:
    """The width in `WIDTHS` nearest to a natural width, squeezed if it is that of a long line."""
    wanted = max(natural * squeeze, min(natural, _UNSQUEEZED))
    return int(wanted) // _STEP * _STEP if wanted > MAX_WIDTH else _nearest_width(wanted)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a strip that is read at once, columns: it is seen from `start` on, and counts from `begin` to `end`."""

    start: int
    begin: int
    end: int


def pieces(strip: NDArray[np.uint8]) -> list[Piece]:
    """Parts `MAX_WIDTH` wide of a strip that is too wide for the recognizer; together, what counts is all of it.

    They overlap, since letters are read badly at an edge, and part where the overlap shows the least ink.
    """
    width = strip.shape[1]
    if width <= MAX_WIDTH:
        return [Piece(0, 0, width)]
    grey = cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY)
    # Columns without strokes are even from top to bottom; the mean over a letter's width finds the gaps of words.
    unevenness = cv2.blur(grey.std(axis=0).reshape(1, -1), (HEIGHT // 3, 1))[0]
    last = width - MAX_WIDTH
    starts = [*range(0, last, MAX_WIDTH - _OVERLAP), last]
    edges = [0]
    for following in starts[1:]:
        first = max(following, edges[-1]) + HEIGHT
        window = unevenness[first : first + _OVERLAP - 2 * HEIGHT]
        edges.append((first + int(window.argmin())) // _STEP * _STEP)
    edges.append(width)
    return [Piece(start, begin, end) for start, (begin, end) in zip(starts, pairwise(edges), strict=True)]


def _nearest_width(wanted: float) -> int:
    return int(WIDTHS[np.abs(np.log(WIDTHS / max(wanted, 1.0))).argmin()])


def cut(pixels: NDArray[np.uint8], quad: NDArray[np.float32], width: int) -> NDArray[np.uint8]:
    """The quad's content as a strip (HEIGHT, width, 3) uint8, its first corner at the top left.

    Args:
        pixels: (H, W, 3) uint8.
        quad: (4, 2) float32, pixels, TL-TR-BR-BL.
        width: columns of the result.
    """
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    if _is_upright(quad):
        rows = slice(max(0, round(float(top))), max(1, round(float(bottom))))
        columns = slice(max(0, round(float(left))), max(1, round(float(right))))
        part = pixels[rows, columns]
        if part.size:
            shrinking = part.shape[0] > 1.5 * HEIGHT
            return np.asarray(
                cv2.resize(part, (width, HEIGHT), interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR),
                np.uint8,
            )
    target = np.array([[0, 0], [width, 0], [width, HEIGHT]], np.float32)
    transform = cv2.getAffineTransform(quad[:3].astype(np.float32), target)
    return np.asarray(
        cv2.warpAffine(pixels, transform, (width, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        np.uint8,
    )


def _is_upright(quad: NDArray[np.float32]) -> bool:
    """Whether the quad starts at its top left and tilts by less than a sixth of its height."""
    height = float(quad[3, 1] - quad[0, 1])
    rise = abs(float(quad[1, 1] - quad[0, 1]))
    lean = abs(float(quad[3, 0] - quad[0, 0]))
    return height > 0 and quad[1, 0] > quad[0, 0] and rise < height / 6 and lean < height / 4
