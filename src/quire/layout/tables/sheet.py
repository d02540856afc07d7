"""A page as tables see it: words and rules turned straight, in units of the text's height."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians, sin
from statistics import median
from typing import Final, NamedTuple

import numpy as np

from quire.geometry import Quad
from quire.layout.tables.words import MAX_WORDS, Words, words_of
from quire.view import PageView, Rule

_MAX_RULES: Final = 1_500
_SPACE: Final = 0.55
_WIDEST_SPACE: Final = 0.9
_SHORTEST_RULE: Final = 1.2
_LONGEST_UNDERLINE: Final = 12
_LONGEST_STEM: Final = 3
_MAX_SLOPE: Final = 0.03


class Token(NamedTuple):
    """A word, or a line whose words are not known: straight box in pixels, and the line it stands in."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    line: int
    bold: bool

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        return (self.y0 + self.y1) / 2


class Stroke(NamedTuple):
    """A straightened rule: from `start` to `end` along its direction, at `at` across it."""

    start: float
    end: float
    at: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """Words and rules of a page.

    Attributes:
        lines: the tokens of each line of the view.
        unit: height of an ordinary word, pixels.
        space: what may lie between words of one cell, pixels.
        level: rules from left to right, `at` is y.
        upright: rules from top to bottom, `at` is x.
        skew_degrees: by which boxes were turned back.
    """

    tokens: tuple[Token, ...]
    lines: tuple[tuple[Token, ...], ...]
    unit: float
    space: float
    level: tuple[Stroke, ...]
    upright: tuple[Stroke, ...]
    skew_degrees: float

    def whole_lines(self, chosen: Callable[[Token], bool], lines: Iterable[int]) -> list[Token]:
        """All words of those of the lines whose words, most of them, are chosen: a line is in one table or in none."""
        result: list[Token] = []
        for line in lines:
            tokens = self.lines[line]
            if 2 * sum(map(chosen, tokens)) > len(tokens):
                result.extend(tokens)
        return result

    def turned_back(self, x0: float, y0: float, x1: float, y1: float) -> Quad:
        """The quad on the page of a straight box."""
        angle = radians(self.skew_degrees)
        points = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        turned = [
            (round(x * cos(angle) - y * sin(angle), 1), round(x * sin(angle) + y * cos(angle), 1)) for x, y in points
        ]
        return (turned[0], turned[1], turned[2], turned[3])


def sheet_of(view: PageView) -> Sheet | None:
    """The view's words and rules; None for a page without text, or with more than a page holds."""
    return sheet_with(view, words_of(view))


def sheet_with(view: PageView, words: Words) -> Sheet | None:
    """The same, of words that are known."""
    if not 2 <= len(words.boxes) <= MAX_WORDS:
        return None
    tokens = _tokens(view, words)
    unit = max(
        median(min(token.y1 - token.y0, token.x1 - token.x0 + 1e3 * (len(token.text) < 3)) for token in tokens), 2.0
    )
    level, upright = _strokes(view, unit)
    level, upright = _without_lettering(level, tokens, unit), _without_stems(upright, tokens, unit)
    lines: list[list[Token]] = [[] for _ in view.lines]
    for token in tokens:
        lines[token.line].append(token)
    return Sheet(tokens, tuple(map(tuple, lines)), unit, _space(tokens, unit), level, upright, view.skew_degrees)


def _tokens(view: PageView, words: Words) -> tuple[Token, ...]:
    bold = [style.bold for style in view.styles] or [False] * len(view.lines)
    return tuple(
        Token(x0, y0, x1, y1, text.strip(), line, bold[line])
        for (x0, y0, x1, y1), text, line in zip(words.boxes.tolist(), words.texts, words.lines.tolist(), strict=True)
    )


def _space(tokens: Sequence[Token], unit: float) -> float:
    """A little more than the usual space between words: wide in typewriters' letters."""
    words = ((a, b) for a, b in pairwise(tokens) if a.line == b.line and (a.text.isalpha() or b.text.isalpha()))
    gaps = [gap for a, b in words if 0.1 * unit < (gap := b.x0 - a.x1) < unit]
    usual = median(gaps) if len(gaps) > 20 else 0.0
    return max(_SPACE * unit, min(1.35 * usual, _WIDEST_SPACE * unit))


def _strokes(view: PageView, unit: float) -> tuple[tuple[Stroke, ...], tuple[Stroke, ...]]:
    """Level and upright rules, straight, the longest ones."""
    level: list[Stroke] = []
    upright: list[Stroke] = []
    cosine, sine = cos(radians(-view.skew_degrees)), sin(radians(-view.skew_degrees))
    for rule in view.rules:
        x0, y0, x1, y1 = _turned(rule, cosine, sine)
        along, target = (x1 - x0, level) if rule.level else (y1 - y0, upright)
        across = abs(y1 - y0) if rule.level else abs(x1 - x0)
        if along < _SHORTEST_RULE * unit or across > max(3.0, _MAX_SLOPE * along):
            continue
        target.append(Stroke(x0, x1, (y0 + y1) / 2) if rule.level else Stroke(y0, y1, (x0 + x1) / 2))
    return _longest(level), _longest(upright)


def _turned(rule: Rule, cosine: float, sine: float) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = rule
    return x0 * cosine - y0 * sine, x0 * sine + y0 * cosine, x1 * cosine - y1 * sine, x1 * sine + y1 * cosine


def _longest(strokes: Sequence[Stroke]) -> tuple[Stroke, ...]:
    return tuple(sorted(strokes, key=lambda stroke: stroke.start - stroke.end)[:_MAX_RULES])


def _without_lettering(level: Sequence[Stroke], tokens: Sequence[Token], unit: float) -> tuple[Stroke, ...]:
    """Without the short rules that are parts of letters, or lines under or through a word."""
    x0, y0, x1, y1 = np.array([token[:4] for token in tokens]).T
    x0, x1, y0, y1 = x0 - unit / 3, x1 + unit / 3, y0 - unit / 10, y1 + unit / 4

    def is_lettering(stroke: Stroke) -> bool:
        start, end, at = stroke
        if end - start > _LONGEST_UNDERLINE * unit:
            return False
        return bool(((x0 <= start) & (end <= x1) & (y0 <= at) & (at <= y1)).any())

    return tuple(stroke for stroke in level if not is_lettering(stroke))


def _without_stems(upright: Sequence[Stroke], tokens: Sequence[Token], unit: float) -> tuple[Stroke, ...]:
    """Without the short rules that run through a word: stems of its letters."""
    x0, y0, x1, y1 = np.array([token[:4] for token in tokens]).T
    x0, x1 = x0 + unit / 4, x1 - unit / 4

    def is_stem(stroke: Stroke) -> bool:
        start, end, at = stroke
        if end - start > _LONGEST_STEM * unit:
            return False
        shared = np.minimum(y1, end) - np.maximum(y0, start)
        return bool(((x0 < at) & (at < x1) & (shared > 0.3 * (end - start))).any())

    return tuple(stroke for stroke in upright if not is_stem(stroke))
