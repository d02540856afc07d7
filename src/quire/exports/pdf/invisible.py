"""A page's words as invisible text, each exactly where it is printed."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from quire.document import Line, Page, Word
from quire.document.escaping import clean
from quire.exports.pdf.geometry import Affine
from quire.exports.pdf.glyphless import GlyphlessFont
from quire.exports.pdf.truetype import ADVANCE, DESCENT, UNITS_PER_EM
from quire.exports.placed import placed, right_to_left, words_of
from quire.geometry import Box, Point, Quad, bounds

_DESCENT: Final = -DESCENT / UNITS_PER_EM
_ADVANCE: Final = ADVANCE / UNITS_PER_EM
_QUARTER: Final = math.pi / 2
_NEARLY: Final = math.radians(12)
_LEAST: Final = 1e-3
"""Points; smaller text has no place."""


def invisible_text(page: Page, matrix: Affine, font: GlyphlessFont, name: str) -> bytes:
    """Content that leaves the graphics state as it was; empty where there is nothing to say.

    Lines are in reading order, their words from left to right, as PDF readers expect of every script.

    Args:
        matrix: from the page's pixels to its user space.
        name: of the font among the page's resources.
    """
    parts = [part for line, vertical in _lines(page) for part in _line(line, vertical, matrix, font)]
    return "\n".join([f"q BT 3 Tr /{name} 1 Tf", *parts, "ET Q\n"]).encode("ascii") if parts else b""


def _lines(page: Page) -> Iterator[tuple[Line, bool]]:
    """The lines that the page's own text layer lacks, and whether they are vertical writing."""
    for entry in placed(page):
        for _, line in entry.lines:
            # On a page that has a good text layer, only what was read inside its pictures is less than certain.
            if page.source == "ocr" or line.confidence < 1:
                yield line, entry.block.direction == "ttb"


def _line(line: Line, vertical: bool, matrix: Affine, font: GlyphlessFont) -> Iterator[str]:
    words = [(word, text) for word in words_of(line) if (text := " ".join(clean(word.text).split()))]
    if not vertical:
        words = _from_left_to_right(words)
    for place, (word, text) in enumerate(words):
        space = " " if place + 1 < len(words) else ""
        yield f"{_spread(_straight(word, vertical), len(text), matrix)} Tm <{font.encoded(text + space)}> Tj"


def _from_left_to_right(words: list[tuple[Word, str]]) -> list[tuple[Word, str]]:
    """Words and letters as they stand on the page: readers turn Arabic and Hebrew round themselves."""
    if not any(right_to_left(text) for _, text in words):
        return words
    ordered = sorted(words, key=lambda entry: bounds([entry[0].box]).x0)
    return [(word, _turned(text) if right_to_left(text) else text) for word, text in ordered]


def _turned(text: str) -> str:
    """The word's letters from left to right; numbers and letters of other scripts inside keep their order."""
    runs = ("".join(run) for _, run in groupby(reversed(_clusters(text)), key=_keeps_order))
    return "".join(_again(run) if _keeps_order(run) else run for run in runs)


def _clusters(text: str) -> list[str]:
    """Letters, each with the marks on it."""
    clusters: list[str] = []
    for letter in text:
        if clusters and unicodedata.combining(letter):
            clusters[-1] += letter
        else:
            clusters.append(letter)
    return clusters


def _again(run: str) -> str:
    return "".join(reversed(_clusters(run)))


def _keeps_order(cluster: str) -> bool:
    return unicodedata.bidirectional(cluster[0]) in ("L", "EN", "AN")


def _straight(word: Word, vertical: bool) -> Quad:
    """The word's box turned to the nearest of the four directions: readers take a tilted word apart, letter by letter.

    A little tilt is taken away about the box's middle; a slanting word gets the level box around it. Vertical writing
    becomes lines turned clockwise, which run down and follow each other from right to left as well.
    """
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = word.box
    angle = math.atan2(by - ay + cy - dy, bx - ax + cx - dx)
    turns = 1 if vertical else round(angle / _QUARTER) % 4
    box = bounds([word.box])
    if not vertical and abs(angle - round(angle / _QUARTER) * _QUARTER) <= _NEARLY:
        along, high = math.hypot(bx - ax, by - ay) / 2, math.hypot(dx - ax, dy - ay) / 2
        x, y = (ax + bx + cx + dx) / 4, (ay + by + cy + dy) / 4
        half_width, half_height = (high, along) if turns % 2 else (along, high)
        box = Box(x - half_width, y - half_height, x + half_width, y + half_height)
    corners = box.quad
    return corners[turns:] + corners[:turns]  # type: ignore[return-value]


def _spread(quad: Quad, letters: int, matrix: Affine) -> str:
    """The text matrix that spreads so many letters from the box's lower left corner to its lower right one."""
    top_left, _, bottom_right, bottom_left = map(matrix.at, quad)
    across = _vector(bottom_left, bottom_right, 1 / (letters * _ADVANCE))
    up = _vector(bottom_left, top_left, 1.0)
    if max(map(abs, across)) < _LEAST or max(map(abs, up)) < _LEAST:
        across, up = (1.0, 0.0), (0.0, 1.0)
    origin = bottom_left[0] + _DESCENT * up[0], bottom_left[1] + _DESCENT * up[1]
    return " ".join(_number(value) for value in (*across, *up, *origin))


def _vector(start: Point, end: Point, scale: float) -> Point:
    return (end[0] - start[0]) * scale, (end[1] - start[1]) * scale


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
