"""The box of some letters of a line: around its words, and through a word in proportion to its letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from quire.document import Line
from quire.geometry import Point, Quad, to_quad

_TALL: Final = 1.5


def part_of_line(line: Line, start: int, end: int) -> Quad:
    """The box around the line's letters from `start` to `end`, exclusive."""
    tall = _is_tall(line)
    parts = [_part(quad, text, first, last, tall=tall) for quad, text, first, last in _pieces(line, start, end)]
    parts = parts or [_part(line.box, line.text, start, end, tall=tall)]
    along = _direction(line.box, tall=tall)
    first = min(parts, key=lambda quad: _dot(quad[0], along))
    last = max(parts, key=lambda quad: _dot(quad[2], along))
    return (first[0], first[1], last[2], last[3]) if tall else (first[0], last[1], last[2], first[3])


def _pieces(line: Line, start: int, end: int) -> Iterator[tuple[Quad, str, int, int]]:
    """Words that hold some of the letters: box, text, and which of the word's letters."""
    at = 0
    for word in line.words:
        found = line.text.find(word.text, at)
        if found < 0:
            continue
        at = found + len(word.text)
        first, last = max(start, found) - found, min(end, at) - found
        if first < last:
            yield word.box, word.text, first, last


def _part(quad: Quad, text: str, start: int, end: int, *, tall: bool) -> Quad:
    """The box between two letters of its text."""
    size = max(len(text), 1)
    first, last = start / size, end / size
    if any(unicodedata.bidirectional(char) in ("R", "AL") for char in text):
        first, last = 1 - last, 1 - first
    a, b, c, d = quad
    if tall:
        return to_quad((_between(a, d, first), _between(b, c, first), _between(b, c, last), _between(a, d, last)))
    return to_quad((_between(a, b, first), _between(a, b, last), _between(d, c, last), _between(d, c, first)))


def _is_tall(line: Line) -> bool:
    """Whether its letters stand below each other, in a box whose first edge is across them."""
    a, b, _, d = line.box
    return len(line.text) > 1 and _length(a, d) > _TALL * _length(a, b)


def _direction(quad: Quad, *, tall: bool) -> Point:
    a, b, _, d = quad
    end = d if tall else b
    return end[0] - a[0], end[1] - a[1]


def _length(a: Point, b: Point) -> float:
    return float(((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5)


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _dot(a: Point, b: Point) -> float:
    return a[0] * b[0] + a[1] * b[1]
