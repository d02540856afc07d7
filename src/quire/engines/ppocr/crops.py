"""Quads of a page → upright strips of the recognizer's height."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

HEIGHT = 48
"""Rows of a strip: what the recognizer was trained on."""

# Widths that strips are brought to. Each new width costs the runtime 60 ms once, so there are few; steps of at most
# a tenth keep the letters' shape.
WIDTHS = np.array(
    [*range(48, 160, 16), *range(160, 480, 32), *range(480, 1280, 64), *range(1280, 2560, 128), 2560]
)
MAX_WIDTH = int(WIDTHS[-1])

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
    return HEIGHT * width / np.maximum(height, 1)


def strip_width(natural: float, squeeze: float) -> int:
    """The width in `WIDTHS` nearest to a natural width, squeezed if it is that of a long line."""
    wanted = max(natural * squeeze, min(natural, _UNSQUEEZED))
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
