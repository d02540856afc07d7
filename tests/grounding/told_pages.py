"""Readings to hold against each other, drawn on a grid: every letter is 10 × 20 pixels."""

from __future__ import annotations

from collections.abc import Sequence

from quire.document import Line, Word
from quire.geometry import Box, Quad

LETTER_PX = 10.0
LINE_PX = 30.0
NOWHERE: Quad = ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0))


def seen(*texts: str, left: float = 0.0, confidence: float = 0.9) -> list[Line]:
    """Lines as recognition gives them, one below the other."""
    return [_line(text, left, row * LINE_PX, confidence) for row, text in enumerate(texts)]


def said(*texts: str) -> list[Line]:
    """Lines as a model gives them, without places."""
    return [Line(text, NOWHERE, 0.5) for text in texts]


def box(text: str, row: int, at: int = 0) -> Quad:
    """Where a text stands that starts at a letter of a row."""
    return _box(at * LETTER_PX, row * LINE_PX, text)


def texts(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines]


def _line(text: str, left: float, top: float, confidence: float) -> Line:
    words, at = [], 0
    for part in text.split():
        at = text.index(part, at)
        words.append(Word(part, _box(left + at * LETTER_PX, top, part), confidence))
        at += len(part)
    return Line(text, _box(left, top, text), confidence, tuple(words))


def _box(left: float, top: float, text: str) -> Quad:
    return Box(left, top, left + len(text) * LETTER_PX, top + 20.0).quad
