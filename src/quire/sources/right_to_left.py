"""Arabic and Hebrew lines in the order in which they are read.

PDFium turns lines around by the Unicode bidirectional algorithm, on the assumption that a page's characters come in
visual order, and goes by what it sees first. Where its order contradicts where the letters stand, the places are right:
the algorithm (UAX #9) is run backwards over them, on one level of embedding.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_RIGHT_TO_LEFT: Final = ((0x590, 0x8FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFC))
_MARKS: Final = (
    *((0x591, 0x5BD), (0x5BF, 0x5BF), (0x5C1, 0x5C2), (0x5C4, 0x5C5), (0x5C7, 0x5C7), (0x610, 0x61A)),
    *((0x64B, 0x65F), (0x670, 0x670), (0x6D6, 0x6DC), (0x6DF, 0x6E4), (0x6E7, 0x6E8), (0x6EA, 0x6ED)),
    *((0x8CA, 0x8E1), (0x8E3, 0x8FF)),
)
"""Vowel signs, which stand above or below a letter."""
_DIGITS: Final = ((0x30, 0x39), (0x660, 0x669), (0x6F0, 0x6F9))
_OF_NUMBERS: Final = tuple((ord(sign), ord(sign)) for sign in "%$€£+-.,:/٪٫٬")
_LETTER: Final = ((0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xB5, 0xB5), (0xBA, 0xBA), (0xC0, 0x58F), (0x900, 0x1FFF))
_NEUTRAL, _LTR, _RTL, _NUMBER = 0, 1, 2, 3


def kinds_of(codes: Codes) -> NDArray[np.int8] | None:
    """Of each character: neutral 0, left to right 1, right to left 2, digit 3; None where none is right to left."""
    rtl = _within(codes, _RIGHT_TO_LEFT) & ~_within(codes, _DIGITS)
    if not rtl.any():
        return None
    kinds = np.where(_within(codes, _LETTER), _LTR, _NEUTRAL).astype(np.int8)
    kinds[rtl] = _RTL
    kinds[_within(codes, _DIGITS)] = _NUMBER
    return kinds


def marks_of(codes: Codes) -> Flags:
    """Which characters are vowel signs of Arabic and Hebrew."""
    return _within(codes, _MARKS)


def reading_order(codes: Codes, spans: Floats, lines: Ints) -> Ints | None:
    """Indices of all characters in reading order, None where they are in it already.

    Args:
        codes: (N,) uint32, line by line.
        spans: (N, 4) u0, v0, u1, v1, along and across the line.
        lines: (N,) ascending numbers of the lines.
    """
    kinds = kinds_of(codes)
    if kinds is None:
        return None
    order = np.arange(len(codes))
    marks = marks_of(codes)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(lines)) + 1))
    with_rtl = np.logical_or.reduceat(kinds == _RTL, starts)
    ends = np.append(starts[1:], len(codes))
    for start, end in zip(starts[with_rtl].tolist(), ends[with_rtl].tolist(), strict=True):
        part = slice(start, end)
        order[part] = start + _line_order(codes[part], kinds[part], marks[part], spans[part])
    return order


def _line_order(codes: Codes, kinds: NDArray[np.int8], marks: Flags, spans: Floats) -> Ints:
    letters = np.flatnonzero(~marks)
    if not len(letters):
        return np.arange(len(codes))
    from_right = int((kinds[letters] == _RTL).sum()) >= int((kinds[letters] == _LTR).sum())
    if _contradicts(kinds[letters], spans[letters], from_right):
        letters = letters[_visual_to_logical(codes[letters], kinds[letters], spans[letters], from_right)]
    return _with_marks(letters, np.flatnonzero(marks), spans)


def _contradicts(kinds: NDArray[np.int8], spans: Floats, from_right: bool) -> bool:
    """Whether letters that follow each other stand the other way round than their direction says."""
    strong = np.flatnonzero((kinds == _RTL) | (kinds == _LTR))
    kinds, spans = kinds[strong], spans[strong]
    middle = (spans[:, 0] + spans[:, 2]) / 2
    slack = (spans[:, 2] - spans[:, 0]) / 2
    rightward = middle[1:] - middle[:-1] > slack[1:] + slack[:-1] - 0.1 * (spans[1:, 3] - spans[1:, 1])
    leftward = middle[:-1] - middle[1:] > slack[1:] + slack[:-1] - 0.1 * (spans[1:, 3] - spans[1:, 1])
    both = (kinds[1:] == _RTL) & (kinds[:-1] == _RTL)
    border = kinds[1:] != kinds[:-1]
    wrong = (both & rightward) | (border & (rightward if from_right else leftward))
    return bool(wrong.any())


def _visual_to_logical(codes: Codes, kinds: NDArray[np.int8], spans: Floats, from_right: bool) -> Ints:
    """Order of characters by place, runs of each direction turned as they are read."""
    visual = np.argsort(spans[:, 0] + spans[:, 2], kind="stable")
    rtl = _resolved(codes[visual], kinds[visual], from_right) == _RTL
    runs = np.split(visual, np.flatnonzero(np.diff(rtl)) + 1)
    turned = [run[::-1] if rtl_run else run for run, rtl_run in zip(runs, _first_of_runs(rtl), strict=True)]
    return np.concatenate(turned[::-1] if from_right else turned)


def _first_of_runs(flags: Flags) -> list[bool]:
    firsts: list[bool] = flags[np.concatenate(([0], np.flatnonzero(np.diff(flags)) + 1))].tolist()
    return firsts


def _resolved(codes: Codes, kinds: NDArray[np.int8], from_right: bool) -> NDArray[np.int8]:
    """Directions of all: digits and their signs run to the right, neutrals with equal neighbours as these, else as
    the line (rules W4 to N2)."""
    base = _RTL if from_right else _LTR
    resolved = np.where(kinds == _NUMBER, _LTR, kinds)
    signs = (kinds == _NEUTRAL) & _within(codes, _OF_NUMBERS)
    digit = kinds == _NUMBER
    beside = np.zeros(len(kinds), bool)
    beside[1:] |= digit[:-1]
    beside[:-1] |= digit[1:]
    resolved[signs & beside] = _LTR
    known = np.flatnonzero(resolved)
    if not len(known):
        return np.full(len(kinds), base, np.int8)
    at = np.searchsorted(known, np.arange(len(kinds)))
    before = np.where(at > 0, resolved[known[np.maximum(at - 1, 0)]], base)
    after = np.where(at < len(known), resolved[known[np.minimum(at, len(known) - 1)]], base)
    neutral = resolved == _NEUTRAL
    resolved[neutral] = np.where(before == after, before, base)[neutral]
    return resolved.astype(np.int8)


def _with_marks(letters: Ints, marks: Ints, spans: Floats) -> Ints:
    """Letters in their order, each followed by the vowel signs that stand over it."""
    if not len(marks):
        return letters
    places = np.empty(len(spans), np.float64)
    places[letters] = np.arange(len(letters))
    middle = (spans[:, 0] + spans[:, 2]) / 2
    ranked = letters[np.argsort(middle[letters], kind="stable")]
    near = np.searchsorted(middle[ranked], middle[marks]).clip(0, len(ranked) - 1)
    left = np.maximum(near - 1, 0)
    closer = np.abs(middle[ranked[left]] - middle[marks]) < np.abs(middle[ranked[near]] - middle[marks])
    places[marks] = places[ranked[np.where(closer, left, near)]] + 0.5
    return np.argsort(places, kind="stable")


def _within(codes: Codes, ranges: tuple[tuple[int, int], ...]) -> Flags:
    found = np.zeros(len(codes), bool)
    for first, last in ranges:
        found |= (codes >= first) & (codes <= last)
    return found
