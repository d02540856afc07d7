"""Text that is none of a table's: above it, through it or beside it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Final

from quire.layout.captions import labelled
from quire.layout.tables.grid import Grid
from quire.layout.tables.rows import runs, text_rows
from quire.layout.tables.sheet import Sheet, Token
from quire.layout.tables.values import is_value

_LEADING: Final = 1.5
_FULL: Final = 0.9
"""Share of its column that a line of a paragraph takes."""
_WIDE: Final = 14.0
_IN_A_ROW: Final = 3
_MUCH_PROSE: Final = 0.5
_DOUBTED: Final = 2
_BOUND: Final = 0.7
_LEFT_INSIDE: Final = 0.12
_ROWS_LEFT_OUT: Final = 0.4


def below_caption(tokens: Sequence[Token], unit: float) -> list[Token]:
    """The words below a first row that says "Table 3", whose lines may be set so wide that they look like columns."""
    rows = text_rows(tokens, unit)
    if not rows or labelled(" ".join(token.text for token in rows[0].tokens)) is None:
        return [*tokens]
    end = 1
    while end < len(rows) and rows[end].y - rows[end - 1].y < _LEADING * unit and len(runs(rows[end].tokens, unit)) < 2:
        end += 1
    return [token for row in rows[end:] for token in row.tokens]


def is_prose(grid: Grid, unit: float) -> bool:
    """Whether a good part of its letters stands in columns whose lines fill them, one below another."""
    running = sum(_running(grid, column, unit) for column in range(len(grid.xs) - 1))
    return running > _MUCH_PROSE * sum(len(token.text) for words in grid.words.values() for token in words)


def _running(grid: Grid, column: int, unit: float) -> int:
    """Letters of a column in lines that follow one another and are as long as the column is wide."""
    words = [token for area, found in grid.words.items() if area.column == column for token in found]
    rows = text_rows(words, unit)
    spans = [(min(t.x0 for t in row.tokens), max(t.x1 for t in row.tokens)) for row in rows]
    full = sorted(end - start for start, end in spans)[int(_FULL * (len(spans) - 1))] if spans else 0.0
    if full < _WIDE * unit:
        return 0
    count, letters, total = 0, 0, 0
    for row, (start, end) in zip(rows, spans, strict=True):
        text = " ".join(token.text for token in row.tokens)
        if end - start >= _FULL * full and not is_value(text):
            count, letters = count + 1, letters + len(text)
        else:
            total, count, letters = total + letters * (count >= _IN_A_ROW), 0, 0
    return total + letters * (count >= _IN_A_ROW)


def leaves_out(grid: Grid, sheet: Sheet, left: Set[int]) -> bool:
    """Whether words of no table stand between its words, or beside most of its rows.

    Only two columns that no rules bind are doubted: what makes them is often just the right part of a receipt.

    Args:
        left: lines that no table has.
    """
    x0, x1, y0, y1 = grid.xs[0], grid.xs[-1], grid.ys[0], grid.ys[-1]
    near = [stroke for stroke in sheet.level if y0 - sheet.unit < stroke.at < y1 + sheet.unit]
    bound = any(min(stroke.end, x1) - max(stroke.start, x0) > _BOUND * (x1 - x0) for stroke in near)
    if bound or len(grid.xs) > _DOUBTED + 1:
        return False
    words = [token for found in grid.words.values() for token in found]
    level = [t for line in left - grid.lines for t in sheet.lines[line] if y0 < t.y < y1]
    inside = sum(len(token.text) for token in level if x0 < token.x < x1)
    return inside > _LEFT_INSIDE * sum(len(t.text) for t in words) or _goes_on(words, level, sheet.unit)


def _goes_on(words: Sequence[Token], level: Sequence[Token], unit: float) -> bool:
    """Whether most rows of the words hold others besides."""
    mine = set(map(id, words))
    own = [[id(t) in mine for t in row.tokens] for row in text_rows([*words, *level], unit)]
    own = [row for row in own if any(row)]
    return sum(not all(row) for row in own) > _ROWS_LEFT_OUT * len(own)
