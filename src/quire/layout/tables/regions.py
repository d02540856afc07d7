"""Where on a page words stand in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Final

from quire.layout.tables.apart import Parting, partings
from quire.layout.tables.plain import RUN_GAP
from quire.layout.tables.rows import Run, TextRow, runs, text_rows
from quire.layout.tables.sheet import Sheet, Stroke, Token
from quire.layout.tables.values import is_value

_PROSE_WIDTH: Final = 14.0
_PROSE_WORDS: Final = 4
_ROW_REACH: Final = 3.4
_MAX_OPEN: Final = 12
_MAX_LONG: Final = 40
_MAX_RULES: Final = 12


@dataclass(slots=True)
class Stack:
    """Rows of runs one below another.

    Attributes:
        rows: index of the text row, and its runs that belong here.
        solid: how many of `rows` up to the last with two runs or more.
    """

    rows: list[tuple[int, list[Run]]] = field(default_factory=list)
    solid: int = 0
    x0: float = 0.0
    x1: float = 0.0
    y: float = 0.0

    def add(self, index: int, segment: list[Run], y: float) -> None:
        x0, x1 = segment[0].x0, max(run.x1 for run in segment)
        self.x0, self.x1 = (min(self.x0, x0), max(self.x1, x1)) if self.rows else (x0, x1)
        self.rows.append((index, segment))
        self.y = y
        if len(segment) > 1:
            self.solid = len(self.rows)


def stacks(sheet: Sheet, tokens: Sequence[Token]) -> list[list[Token]]:
    """Words of each part of the page whose rows have columns, from top to bottom."""
    rows = text_rows(tokens, sheet.unit)
    parted = [runs(row.tokens, RUN_GAP * sheet.unit) for row in rows]
    prose = _prose(rows, parted, sheet.unit)
    found = _grow(rows, parted, prose, partings(sheet.level, sheet.unit), sheet.unit)
    return [_with_head(stack, rows, parted, prose, sheet) for stack in found]


def _prose(rows: Sequence[TextRow], parted: Sequence[Sequence[Run]], unit: float) -> set[tuple[int, int]]:
    """Runs, by row and place, that are lines of a paragraph: long, with another below or above at the same edge."""
    long = [
        [
            (place, run.x0)
            for place, run in enumerate(row)
            if len(run.tokens) >= _PROSE_WORDS and run.x1 - run.x0 >= _PROSE_WIDTH * unit
        ][:_MAX_LONG]
        for row in parted
    ]
    found: set[tuple[int, int]] = set()
    for i in range(len(rows)):
        for j in range(i + 1, min(i + 4, len(rows))):
            if rows[j].y - rows[i].y > 2.4 * unit:
                break
            for (a, first), (b, second) in product(long[i], long[j]):
                if abs(first - second) < 3 * unit:
                    found |= {(i, a), (j, b)}
    return found


def _grow(
    rows: Sequence[TextRow],
    parted: Sequence[list[Run]],
    prose: set[tuple[int, int]],
    apart: Sequence[Parting],
    unit: float,
) -> list[Stack]:
    done: list[Stack] = []
    open_: list[Stack] = []
    for index, row in enumerate(rows):
        for stack in [s for s in open_ if row.y - s.y > _ROW_REACH * unit]:
            open_.remove(stack)
            done.append(stack)
        edges = [parting.x for parting in apart if parting.y0 < row.y < parting.y1]
        for segment in _segments(index, parted[index], prose, edges):
            x0, x1 = segment[0].x0, segment[-1].x1
            over = [s for s in open_ if min(s.x1, x1) - max(s.x0, x0) > 0]
            best = max(over, key=lambda s: min(s.x1, x1) - max(s.x0, x0), default=None)
            if best is None and len(segment) > 1 and len(open_) < _MAX_OPEN:
                best = Stack()
                open_.append(best)
            if best is not None:
                best.add(index, segment, row.y)
    return [stack for stack in done + open_ if stack.solid]


def _segments(index: int, row: Sequence[Run], prose: set[tuple[int, int]], edges: Sequence[float]) -> list[list[Run]]:
    """Neighbouring runs with no line of a paragraph and no edge of a table between them."""
    result: list[list[Run]] = [[]]
    for place, run in enumerate(row):
        if (index, place) in prose:
            result.append([])
            continue
        if place and any(row[place - 1].x1 <= x <= run.x0 for x in edges):
            result.append([])
        result[-1].append(run)
    return [segment for segment in result if segment]


def _with_head(
    stack: Stack, rows: Sequence[TextRow], parted: Sequence[list[Run]], prose: set[tuple[int, int]], sheet: Sheet
) -> list[Token]:
    """The stack's words up to its last row with columns, and header lines above that rules bind to it."""
    kept = stack.rows[: stack.solid]
    tokens = [token for _, segment in kept for run in segment for token in run.tokens]
    x0, x1 = min(t.x0 for t in tokens), max(t.x1 for t in tokens)
    index, top = kept[0][0], rows[kept[0][0]].y
    ceiling = _ceiling(sheet.level, x0, x1, top, sheet.unit)
    while index > 0 and ceiling is not None and rows[index - 1].y > ceiling:
        index -= 1
        tokens.extend(
            token
            for place, run in enumerate(parted[index])
            if (index, place) not in prose and run.x0 >= x0 - sheet.unit and run.x1 <= x1 + sheet.unit
            for token in run.tokens
        )
    return _below_caption(tokens, sheet)


def _below_caption(tokens: Sequence[Token], sheet: Sheet) -> list[Token]:
    """Words without those above the table's upper rule, which another rule follows after a few lines of header."""
    x0, x1 = min(t.x0 for t in tokens), max(t.x1 for t in tokens)
    top, bottom = min(t.y for t in tokens), max(t.y for t in tokens)
    full = [s.at for s in sheet.level if min(s.end, x1) - max(s.start, x0) > 0.85 * (x1 - x0)]
    if any(top - 3 * sheet.unit < at < top for at in full):
        return list(tokens)
    inside = sorted(at for at in full if top < at < bottom)[:_MAX_RULES]
    for upper, lower in pairwise(inside):
        head = [t for t in tokens if upper < t.y < lower]
        above = [t for t in tokens if t.y < upper]
        if not head:
            continue
        if not _has_values(above) and not _has_values(head) and lower - upper < 10 * sheet.unit:
            return [t for t in tokens if t.y > upper]
        break
    return list(tokens)


def _has_values(tokens: Sequence[Token]) -> bool:
    """Whether most words are numbers, as in a table's body."""
    return sum(is_value(token.text) for token in tokens) > 0.6 * len(tokens)


def _ceiling(level: Sequence[Stroke], x0: float, x1: float, top: float, unit: float) -> float | None:
    """The rule above a table's first columns that is as wide as it."""
    width = x1 - x0
    above = [
        s.at
        for s in level
        if top - 8 * unit < s.at < top
        and min(s.end, x1) - max(s.start, x0) > 0.7 * width
        and s.end - s.start < 1.4 * width
    ]
    return min(above, default=None)
