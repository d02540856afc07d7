"""Boxes of lines and words, cut to the ink.

Layout itself works on boxes as they were found, since those tell the type's size: they are as high as the font, or
have the air that a detector leaves around letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.document import Line
from quire.geometry import Quad
from quire.view import LineStyle, Reach

_LEAST: Final = 0.3
"""Of its box: ink that is lower is a dash or a row of dots, of which the box says more."""
_FLAT: Final = 1e-3
_WHOLE: Final = Reach(0.0, 1.0)
_ANYWHERE: Final = Reach(-inf, inf, -inf, inf)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def at_ink(lines: Sequence[Line], styles: Sequence[LineStyle]) -> tuple[Line, ...]:
    """The lines as high as their ink and as long as their words; words reach no higher or lower than their line.

    Args:
        styles: of the lines; empty where nothing is known of them.
    """
    words = [word for line in lines for word in line.words]
    numbers = np.arange(len(lines))
    owners = np.concatenate((numbers, np.repeat(numbers, [len(line.words) for line in lines])))
    quads = np.array([one.box for one in (*lines, *words)], np.float64).reshape(-1, 4, 2)
    inks = [_believed(style.ink) for style in styles] or [_WHOLE] * len(lines)
    cut = _cut(quads, owners, np.array(inks, np.float64).reshape(-1, 4))
    word_boxes = iter(cut[len(lines) :])
    return tuple(
        replace(line, box=box, words=tuple(replace(word, box=next(word_boxes)) for word in line.words))
        for line, box in zip(lines, cut, strict=False)
    )


def _believed(ink: Reach | None) -> Reach:
    return _WHOLE if ink is None or ink.bottom - ink.top < _LEAST else ink


def _cut(quads: Floats, owners: Ints, inks: Floats) -> list[Quad]:
    """Quads without what lies outside their line's ink.

    Args:
        quads: (N, 4, 2), the lines' first.
        owners: (N,) number of the line that each is on.
        inks: (lines, 4), a `Reach` each.
    """
    sides = quads[: len(inks), [1, 3]] - quads[: len(inks), :1]
    flat = np.abs(np.linalg.det(sides)) < _FLAT
    sides[flat], inks[flat] = np.eye(2), _ANYWHERE
    # Places on the line, along the text and across it, in shares of its box.
    places = (quads - quads[owners, :1]) @ np.linalg.inv(sides)[owners]
    low, high = _limits(places[len(inks) :, :, 0], owners[len(inks) :], inks)
    moved = places.clip(low[owners, None], high[owners, None]) - places
    return [(tuple(a), tuple(b), tuple(c), tuple(d)) for a, b, c, d in (quads + moved @ sides[owners]).round(1).tolist()]


def _limits(words: Floats, owners: Ints, inks: Floats) -> tuple[Floats, Floats]:
    """The first and the last place of each line, along the text and across it: (lines, 2) each.

    Args:
        words: (words, 4) where the corners of words are, along the text.
    """
    top, bottom, start, end = inks.T
    first, last = np.full(len(inks), inf), np.full(len(inks), -inf)
    np.minimum.at(first, owners, words.min(axis=1))
    np.maximum.at(last, owners, words.max(axis=1))
    worded = last > first
    first, last = np.where(worded, np.maximum(start, first), start), np.where(worded, np.minimum(end, last), end)
    return np.stack((first, top), axis=1), np.stack((last, bottom), axis=1)
