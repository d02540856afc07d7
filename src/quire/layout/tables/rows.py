"""Words → text rows and the runs in them that stand together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from quire.layout.tables.sheet import Token

_SAME_ROW: Final = 0.45
_MAX_OPEN_ROWS: Final = 6


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

    def add(self, token: Token) -> None:
        count = len(self.tokens)
        self.y += (token.y - self.y) / (count + 1)
        self.height = max(self.height, token.y1 - token.y0)
        self.tokens.append(token)


def text_rows(tokens: Iterable[Token], unit: float) -> list[TextRow]:
    """Rows from top to bottom."""
    result: list[TextRow] = []
    for token in sorted(tokens, key=lambda token: (token.y, token.x0)):
        row = next((row for row in reversed(result[-_MAX_OPEN_ROWS:]) if _fits(row, token, unit)), None)
        if row is None:
            row = TextRow(token.y, token.y1 - token.y0)
            result.append(row)
        row.add(token)
    for row in result:
        row.tokens.sort(key=lambda token: token.x0)
    return sorted(result, key=lambda row: row.y)


def _fits(row: TextRow, token: Token, unit: float) -> bool:
    return abs(row.y - token.y) < _SAME_ROW * min(max(row.height, token.y1 - token.y0), 2 * unit)


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
