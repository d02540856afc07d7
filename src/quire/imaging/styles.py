"""How lines are set, measured on the image: size and weight of their letters.

Lines' boxes are as high as the letters that happen to be in them, and say nothing of weight. Ink does: small letters
fill a band between two heights, and how much of that band is ink tells bold from regular, whatever the size and the
blur, which spreads ink but takes none away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.document import Line
from quire.geometry import Quad
from quire.imaging.grey import grey_of, level_counts
from quire.imaging.letter_band import FEW_LOW, em_size, find_band, low_share
from quire.imaging.reach import find_reach
from quire.view import LineStyle, Reach

_MAX_LINES: Final = 1500
_LONG: Final = 600
_MIN_SIDE: Final = 6.0
_ROOM: Final = 0.1
_FAINT: Final = 0.15
_CAPITALS_FILL: Final = 1.2
_INKED: Final = 0.3
_BOLD: Final = 1.3
_SCATTER: Final = 4.0
# Of the em square: the boxes that are detected.
_BOX: Final = 1.2


@dataclass(frozen=True, slots=True)
class _Strip:
    """A line's pixels, turned level: how far they differ from the paper, 0 to 255 (height, width) float32.

    Attributes:
        contrast: of its ink.
        room: rows above the line's box, and below it.
    """

    pixels: NDArray[np.float32]
    contrast: float
    room: float


def measure_styles(image: NDArray[np.uint8], lines: Sequence[Line]) -> tuple[LineStyle, ...]:
    """Size, weight and ink of each line; bold is what has much more ink than the page's lines usually have.

    Args:
        image: (H, W, 3) uint8 BGR or (H, W) grey, the page that the lines' boxes are on.
    """
    grey = grey_of(image)
    strips = [_strip(grey, line.box) if place < _MAX_LINES else None for place, line in enumerate(lines)]
    contrasts = [strip.contrast for strip in strips if strip]
    if not contrasts:
        return tuple(LineStyle(_box_size(line)) for line in lines)
    # One measure for the page: strokes thinner than the blur would each pass for black in their own.
    black = max(float(np.percentile(contrasts, 80)), 1.0)
    # First, since measuring takes the strips' pixels apart.
    inks = [_reach(strip, black) for strip in strips]
    measured = [_measured(strip, black, line) for strip, line in zip(strips, lines, strict=True)]
    bold = _limit((weight, len(line.text)) for (_, weight), line in zip(measured, lines, strict=True))
    return tuple(
        LineStyle(size, bold=weight > bold, ink=ink) for (size, weight), ink in zip(measured, inks, strict=True)
    )


def _limit(weights: Iterable[tuple[float, int]]) -> float:
    """The weight from which a line is bold: clear of the usual one and of what it scatters by."""
    votes = [weight for weight, letters in weights if weight for _ in range(1 + min(letters, 120) // 10)]
    if not votes:
        return float("inf")
    usual = float(np.median(votes))
    return usual + max((_BOLD - 1) * usual, _SCATTER * float(np.median(np.abs(np.array(votes) - usual))))


def _sides(box: Quad) -> tuple[float, float]:
    """Length and height of a line, pixels, 1 or more."""
    (ax, ay), (bx, by), _, (dx, dy) = box
    return max(1.0, float(np.hypot(bx - ax, by - ay))), max(1.0, float(np.hypot(dx - ax, dy - ay)))


def _box_size(line: Line) -> float:
    return min(_sides(line.box)) / _BOX


def _strip(grey: NDArray[np.uint8], box: Quad) -> _Strip | None:
    """The line's pixels with a little room above and below; None for specks."""
    if min(_sides(box)) < _MIN_SIDE:
        return None
    pixels = _upright(grey, box)
    low, paper, high = _levels(pixels)
    light = high - paper > paper - low
    signed = pixels.astype(np.float32)
    ink = cv2.GaussianBlur(signed - paper if light else paper - signed, (3, 3), 0)
    return _Strip(np.asarray(ink, np.float32), float(max(high - paper, paper - low)), _ROOM * _sides(box)[1])


def _levels(pixels: NDArray[np.uint8]) -> tuple[float, float, float]:
    """The 2nd, 50th and 98th percentile of grey levels."""
    counts = level_counts(pixels)
    low, paper, high = np.searchsorted(counts, [0.02 * counts[-1], 0.5 * counts[-1], 0.98 * counts[-1]])
    return float(low), float(paper), float(high)


def _upright(grey: NDArray[np.uint8], box: Quad) -> NDArray[np.uint8]:
    """Level, and no longer than needed: squeezing a line leaves the share of ink as it is."""
    (ax, ay), (bx, by), _, (dx, dy) = box
    length, height = _sides(box)
    width = max(4, round(min(length, max(length / 2, _LONG), 2 * _LONG)))
    room = _ROOM * height
    along = np.array([bx - ax, by - ay]) / width
    down = np.array([dx - ax, dy - ay]) / height
    matrix = np.column_stack([along, down, np.array([ax, ay]) - room * down])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (width, max(4, round(height + 2 * room)))
    return np.asarray(cv2.warpAffine(grey, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _reach(strip: _Strip | None, black: float) -> Reach | None:
    if strip is None or strip.contrast < _FAINT * black:
        return None
    return find_reach(strip.pixels, strip.contrast, strip.room)


def _measured(strip: _Strip | None, black: float, line: Line) -> tuple[float, float]:
    """Size, pixels, and the share of ink in the band that most letters fill; 0 where too little ink tells."""
    if strip is None or strip.contrast < _FAINT * black:
        return _box_size(line), 0.0
    scale = 1 / (1 - _FAINT)
    # In place: the strips of a page are as many pixels as the page.
    ink = strip.pixels
    ink *= np.float32(scale / black)
    ink -= np.float32(scale * _FAINT)
    ink.clip(0, 1.2, out=ink)
    profile = ink.sum(axis=1)
    low = low_share(line.text)
    band = find_band(profile, low)
    if band is None:
        return _box_size(line), 0.0
    rows = ink[band.first : band.last + 1]
    inked = rows.max(axis=0) > _INKED
    size = _box_size(line) if low is None else em_size(band.height, low, _box_size(line))
    weight = float(rows[:, inked].mean()) if inked.any() else 0.0
    # Capitals and figures are as heavy, but fill a higher band.
    return size, weight * _CAPITALS_FILL if low is not None and low <= FEW_LOW else weight
