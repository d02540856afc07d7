"""The band of a line that most of its letters fill, and the size of the letters by it."""

from __future__ import annotations

from math import log
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

# Of the em square: letters without ascenders, capitals and figures.
_LOW_LETTERS: Final = 0.53
_CAPITALS: Final = 0.71
_TALL: Final = frozenset("bdfhklt")
FEW_LOW: Final = 0.3
"""A line with fewer low letters is one of capitals or figures."""

_FARTHEST: Final = 1.6
_LEAST: Final = 0.42
_LEAST_BY_TALL: Final = 0.35
_SOME_INK: Final = 0.12
_CASED_SCRIPTS: Final = 0x590
"""Latin, Greek, Cyrillic and Armenian lie below: scripts with a band that most letters fill."""


class Band(NamedTuple):
    """Its first and last row in the strip, and its height to a part of a pixel."""

    first: int
    last: int
    height: float


def low_share(text: str) -> float | None:
    """Share of letters that are as high as an "x", 0 to 1; None in scripts whose letters have no common band."""
    letters = [letter for letter in text[:200] if letter.isalnum()]
    banded = [letter for letter in letters if ord(letter) < _CASED_SCRIPTS]
    if 2 * len(banded) <= len(letters):
        return None
    return sum(letter.islower() and letter not in _TALL for letter in banded) / len(banded)


def find_band(profile: NDArray[np.float32], low: float | None) -> Band | None:
    """The band; None where there is no ink.

    Args:
        profile: (height,) ink of each row.
        low: `low_share` of the text: the more tall letters there are, the more ink stands above the band.
    """
    tenth = len(profile) // 10
    full = float(np.partition(profile, -1 - tenth)[-1 - tenth])
    run = _longest_run(profile > _SOME_INK * full)
    if full <= 0 or run is None:
        return None
    least = full * (_LEAST + (_LEAST_BY_TALL * (1 - low) if low is not None and low > FEW_LOW else 0.0))
    rows = run[0] + np.flatnonzero(profile[run[0] : run[1] + 1] >= least)
    if not len(rows):
        return None
    first, last = int(rows[0]), int(rows[-1])
    beyond = _part(profile, first, first - 1, least) + _part(profile, last, last + 1, least)
    return Band(first, last, last - first + beyond)


def em_size(band_px: float, low: float, box_px: float) -> float:
    """The em square, pixels.

    Args:
        low: `low_share` of the text.
        box_px: a rough measure of it, which decides where the letters leave open what the band is, and counts where the
            two contradict each other.
    """
    by_low, by_capitals = band_px / _LOW_LETTERS, band_px / _CAPITALS
    if FEW_LOW < low < 0.5:
        size = min(by_low, by_capitals, key=lambda size: abs(log(max(size, 1e-6) / box_px)))
    else:
        size = by_low if low >= 0.5 else by_capitals
    return size if 1 / _FARTHEST <= size / box_px <= _FARTHEST else box_px


def _longest_run(flags: NDArray[np.bool_]) -> tuple[int, int] | None:
    """First and last place of the longest run: a ruling line that is in the strip is a shorter one."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    if not len(edges):
        return None
    starts, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest]) - 1


def _part(profile: NDArray[np.float32], inside: int, outside: int, least: float) -> float:
    """How far the edge lies beyond the last row that is inside, 0 to 1."""
    beyond = float(profile[outside]) if 0 <= outside < len(profile) else 0.0
    return (float(profile[inside]) - least) / max(float(profile[inside]) - beyond, 1e-6)
