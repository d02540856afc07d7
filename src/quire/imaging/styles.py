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
from quire.view import LineStyle

_MAX_LINES: Final = 1500
_LONG: Final = 600
_MIN_SIDE: Final = 6.0
_ROOM: Final = 0.1
_FAINT: Final = 0.15
_BAND: Final = 0.42
_INKED: Final = 0.3
_BOLD: Final = 1.3
_SCATTER: Final = 4.0
# Of the em square: small letters without ascenders, capitals and figures, the boxes that are detected.
_SMALL_LETTERS: Final = 0.53
_CAPITALS: Final = 0.71
_BOX: Final = 1.2
_CASED_SCRIPTS: Final = 0x590
"""Latin, Greek, Cyrillic and Armenian lie below: scripts with a band that most letters fill."""


@dataclass(frozen=True, slots=True)
class _Strip:
    """A line's pixels, turned level: how far they differ from the paper, 0 to 255 (height, width) float32.

    Attributes:
        contrast: of its ink.
    """

    pixels: NDArray[np.float32]
    contrast: float


def measure_styles(image: NDArray[np.uint8], lines: Sequence[Line]) -> tuple[LineStyle, ...]:
    """Size and weight of each line; bold is what has much more ink than the page's lines usually have.

    Args:
        image: (H, W, 3) uint8 BGR or (H, W) grey, the page that the lines' boxes are on.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) if image.ndim == 3 else image
    strips = [_strip(grey, line.box) if place < _MAX_LINES else None for place, line in enumerate(lines)]
    contrasts = [strip.contrast for strip in strips if strip]
    if not contrasts:
        return tuple(LineStyle(_box_size(line)) for line in lines)
    # One measure for the page: strokes thinner than the blur would each pass for black in their own.
    black = max(float(np.percentile(contrasts, 80)), 1.0)
    measured = [_measured(strip, black, line) for strip, line in zip(strips, lines, strict=True)]
    bold = _limit((weight, len(line.text)) for (_, weight), line in zip(measured, lines, strict=True))
    return tuple(LineStyle(size, bold=weight > bold) for size, weight in measured)


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
    low, paper, high = np.percentile(pixels[::2, ::2], (2, 50, 98))
    light = high - paper > paper - low
    signed = pixels.astype(np.float32)
    ink = cv2.GaussianBlur(signed - paper if light else paper - signed, (3, 3), 0)
    return _Strip(np.asarray(ink, np.float32), float(max(high - paper, paper - low)))


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


def _measured(strip: _Strip | None, black: float, line: Line) -> tuple[float, float]:
    """Size, pixels, and the share of ink in the band that most letters fill; 0 where too little ink tells."""
    if strip is None or strip.contrast < _FAINT * black:
        return _box_size(line), 0.0
    ink = np.clip((strip.pixels / black - _FAINT) / (1 - _FAINT), 0, 1.2)
    profile = ink.sum(axis=1)
    least = _BAND * float(np.percentile(profile, 90))
    run = _longest_run(profile >= least)
    if least <= 0 or run is None:
        return _box_size(line), 0.0
    band = ink[run[0] : run[1] + 1]
    inked = band.max(axis=0) > _INKED
    return _size(_height(profile, run, least), line), float(band[:, inked].mean()) if inked.any() else 0.0


def _longest_run(flags: NDArray[np.bool_]) -> tuple[int, int] | None:
    """First and last place of the longest run: a ruling line that is in the strip is a shorter one."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    if not len(edges):
        return None
    starts, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest]) - 1


def _height(profile: NDArray[np.float32], run: tuple[int, int], least: float) -> float:
    """Height of the run of rows, to a part of a pixel."""
    first, last = run
    return last - first + _part(profile, first, first - 1, least) + _part(profile, last, last + 1, least)


def _part(profile: NDArray[np.float32], inside: int, outside: int, least: float) -> float:
    beyond = float(profile[outside]) if 0 <= outside < len(profile) else 0.0
    return (float(profile[inside]) - least) / max(float(profile[inside]) - beyond, 1e-6)


def _size(band: float, line: Line) -> float:
    """The em square by the height of the band; by the box where a script has none, or the two contradict each other."""
    box = _box_size(line)
    letters = [letter for letter in line.text[:200] if letter.isalnum()]
    banded = [letter for letter in letters if ord(letter) < _CASED_SCRIPTS]
    if 2 * len(banded) <= len(letters):
        return box
    small = sum(map(str.islower, banded))
    size = band / (_SMALL_LETTERS if 2 * small > len(banded) else _CAPITALS)
    return size if 0.6 * box <= size <= 1.6 * box else box
