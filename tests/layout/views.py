"""Pages for layout tests, made of lines whose places are plain to see."""

from __future__ import annotations

from collections.abc import Sequence

from quire.document import Block, Line, Word
from quire.geometry import Box
from quire.layout.base import FoundFigure, FoundTable, Structure
from quire.layout.blocks import arrange
from quire.view import LineStyle, PageView, Rule

WIDTH, HEIGHT = 1000, 1400
LETTER = 9.0
"""Width of a letter, pixels; lines are 20 high."""


def line(text: str, x0: float, y0: float, x1: float | None = None, y1: float | None = None) -> Line:
    """A line as wide as its letters, unless said otherwise, with words."""
    end = x0 + LETTER * len(text) if x1 is None else x1
    bottom = y0 + 20 if y1 is None else y1
    letter = (end - x0) / max(1, len(text))
    words, place = [], 0
    for word in text.split():
        place = text.index(word, place)
        box = Box(x0 + letter * place, y0, x0 + letter * (place + len(word)), bottom)
        words.append(Word(word, box.quad, 0.9))
        place += len(word)
    return Line(text, Box(x0, y0, end, bottom).quad, 0.9, tuple(words))


def page(
    lines: Sequence[Line],
    *,
    skew_degrees: float = 0.0,
    styles: Sequence[LineStyle] = (),
    rules: Sequence[Rule] = (),
    pictures: Sequence[Box] = (),
) -> PageView:
    return PageView(WIDTH, HEIGHT, 150.0, skew_degrees, tuple(lines), tuple(styles), tuple(rules), tuple(pictures))


def arranged(
    view: PageView | Sequence[Line], tables: Sequence[FoundTable] = (), figures: Sequence[FoundFigure] = ()
) -> Structure:
    return arrange(view if isinstance(view, PageView) else page(view), 1, tables, figures)


def blocks(view: PageView | Sequence[Line]) -> tuple[Block, ...]:
    return arranged(view).blocks


PROSE = (
    "the harbour was quiet that morning and nobody",
    "had seen the boats come in, although the lamp",
    "on the pier was burning as it did every night",
    "and the keeper swore that he had slept badly,",
    "which he often did when the wind came from the",
    "north and rain was beating against the windows",
    "of the little house above the rocks where he",
    "had lived for thirty years without a neighbour",
)
"""Eight lines of one running paragraph, all nearly as wide as each other."""


def column(x0: float, y0: float, count: int = 8, pitch: float = 26) -> list[Line]:
    """Lines of running text in a column of 414 pixels."""
    return [line(PROSE[row % len(PROSE)], x0, y0 + pitch * row, x0 + 414) for row in range(count)]
