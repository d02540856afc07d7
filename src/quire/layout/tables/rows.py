"""Words → text rows and the runs in them that stand together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from operator import attrgetter
from typing import Final

from quire.layout.tables.plain import SAME_ROW
from quire.layout.tables.sheet import Token

_MAX_OPEN_ROWS: Final = 6

_left: Final = attrgetter("x0")


@dataclass(slots=True)
class Run:
    """Words side by side with no more than a word space between them."""

    tokens: list[Token]

    @property
    def x0(self) -> float:
        return self.tokens[0].x0

    @property
    def x1(self) -> float:
        return max(token.x1 for token in self.tokens)

    @property
    def y0(self) -> float:
        return min(token.y0 for token in self.tokens)

    @property
    def y1(self) -> float:
        return max(token.y1 for token in self.tokens)

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)


@dataclass(slots=True)
class TextRow:
    """Words that stand on one line across the page, from left to right; `y` is their middle."""

    y: float
    height: float
    tokens: list[Token] = field(default_factory=list)

    def add(self, token: Token, y: float, height: float) -> None:
        self.tokens.append(token)
        self.y += (y - self.y) / len(self.tokens)
        self.height = max(self.height, height)


def text_rows(tokens: Sequence[Token], unit: float) -> list[TextRow]:
    """Rows from top to bottom."""
    result: list[TextRow] = []
    middles = ((token.y0 + token.y1) / 2 for token in tokens)
    for y, _, _, token in sorted(zip(middles, map(_left, tokens), count(), tokens, strict=False)):
        height = token.y1 - token.y0
        for row in result[: -_MAX_OPEN_ROWS - 1 : -1]:
            if _fits(row, y, height, unit):
                break
        else:
            row = TextRow(y, height)
            result.append(row)
        row.add(token, y, height)
    for row in result:
        row.tokens.sort(key=_left)
    return sorted(result, key=lambda row: row.y)


def _fits(row: TextRow, y: float, height: float, unit: float) -> bool:
    return abs(row.y - y) < SAME_ROW * min(max(row.height, height), 2 * unit)


def runs(tokens: Sequence[Token], gap: float) -> list[Run]:
    """Words of one row, sorted from left to right, parted where `gap` pixels or more lie between them."""
    result: list[Run] = []
    end = 0.0
    for token in tokens:
        if result and token.x0 - end < gap:
            result[-1].tokens.append(token)
            end = max(end, token.x1)
        else:
            result.append(Run([token]))
            end = token.x1
    return result
