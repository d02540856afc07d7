"""Header rows: how many there are, and what their cells span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from quire.layout.tables.rows import Run
from quire.layout.tables.sheet import Stroke
from quire.layout.tables.values import is_value, is_year

_MAX_HEADER: Final = 8
_FULL_RULE: Final = 0.6
_LINE_GAP: Final = 0.95
_CENTRED: Final = 2.0
_MAX_VALUES: Final = 2
"""Rows of a header from its first numbers on; a rule below more of them parts rows of the body."""


class Extent(NamedTuple):
    """Where the text of a column lies."""

    x0: float
    x1: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(slots=True)
class Entry:
    """Words of one cell and the rows and columns that it takes, each from the first to before the last."""

    run: Run
    row: int
    row_end: int
    column: int
    column_end: int


def header_rows(
    entries: Sequence[Sequence[Entry]], level: Sequence[Stroke], sides: tuple[float, float], unit: float
) -> int:
    """How many text rows at the top are headers: those above the first full rule, or above the first values."""
    width = sides[1] - sides[0]
    middles = [sum((e.run.y0 + e.run.y1) / 2 for e in row) / max(len(row), 1) for row in entries]
    most = min(_MAX_HEADER, len(entries) - 1)
    full = [s for s in level if s.start < sides[0] + 2 * unit and s.end - sides[0] > _FULL_RULE * width]
    for at in sorted(stroke.at for stroke in full):
        above = sum(middle < at for middle in middles)
        named = next((index for index, row in enumerate(entries[:above]) if _holds_values(row)), above)
        if 0 < above <= most and above - named <= _MAX_VALUES:
            return above
    bold = [all(token.bold for entry in row for token in entry.run.tokens) for row in entries]
    start = 1 if bold[0] and not all(bold) else 0
    first = next((index for index, row in enumerate(entries) if index >= start and _holds_values(row)), 1)
    # What stands alone at the left right above the values names a section of them.
    while first > 1 and [entry.column for entry in entries[first - 1]] == [0] and len(entries[first - 2]) > 1:
        first -= 1
    return min(first, most)


def _holds_values(row: Sequence[Entry]) -> bool:
    texts = [entry.run.text for entry in row if entry.column > 0]
    values = [is_value(text) for text in texts]
    return len(row) > 1 and sum(values) >= 0.5 * len(texts) > 0 and not all(is_year(text) for text in texts)


def header_areas(
    entries: Sequence[Entry], head: int, extents: Sequence[Extent], level: Sequence[Stroke], unit: float
) -> list[Entry]:
    """Header cells with what they span: columns under their rule or their text, rows of their own and blank ones."""
    for entry in entries:
        entry.column, entry.column_end = _columns(entry, extents, level, unit)
    _centre(entries, extents, unit)
    stacked = _stacked(entries, level, unit)
    _fill_blanks(stacked, head)
    return stacked


def _columns(entry: Entry, extents: Sequence[Extent], level: Sequence[Stroke], unit: float) -> tuple[int, int]:
    run = entry.run
    rule = _rule_under(run, level, unit, extents)
    if rule is not None:
        under = [i for i, e in enumerate(extents) if rule.start - unit / 2 <= e.middle <= rule.end + unit / 2]
        if under:
            return under[0], under[-1] + 1
    over = [i for i, e in enumerate(extents) if min(run.x1, e.x1) - max(run.x0, e.x0) > 0.3 * unit]
    if over and over[-1] > over[0]:
        return over[0], over[-1] + 1
    return entry.column, entry.column_end


def _rule_under(run: Run, level: Sequence[Stroke], unit: float, extents: Sequence[Extent]) -> Stroke | None:
    """The rule right below words that spans them and not the whole table."""
    width = extents[-1].x1 - extents[0].x0
    near = [
        s
        for s in level
        if -0.4 * unit < s.at - run.y1 < 0.9 * unit
        and (s.end - s.start < 0.92 * width or s.start > extents[0].x1)
        and min(run.x1, s.end) - max(run.x0, s.start) > 0.8 * (run.x1 - run.x0)
    ]
    return min(near, key=lambda s: s.at, default=None)


def _centre(entries: Sequence[Entry], extents: Sequence[Extent], unit: float) -> None:
    """A header that stands between columns with headers of their own below is centred over them, alone over all."""
    for entry in entries:
        below = [e for e in entries if e.row > entry.row]
        beside = [e for e in entries if e.row == entry.row and e is not entry]
        low = max((e.column_end for e in beside if e.column < entry.column), default=1)
        high = min((e.column for e in beside if e.column > entry.column), default=len(extents))
        if not below or entry.column == 0 or low > entry.column or high < entry.column_end:
            continue
        middle = (entry.run.x0 + entry.run.x1) / 2
        choices = [
            (abs((extents[a].x0 + extents[b - 1].x1) / 2 - middle), a, b)
            for a in range(low, entry.column + 1)
            for b in range(entry.column_end, high + 1)
        ]
        now = abs((extents[entry.column].x0 + extents[entry.column_end - 1].x1) / 2 - middle)
        best, a, b = min(choices)
        named = {e.column for e in below if e.row == entry.row + 1}
        alone = not beside and named >= set(range(1, len(extents)))
        if alone and abs((extents[1].x0 + extents[-1].x1) / 2 - middle) < _CENTRED * unit:
            entry.column, entry.column_end = 1, len(extents)
        elif now > 1.2 * unit and best < 0.5 * now and all(c in named for c in range(a, b)):
            entry.column, entry.column_end = a, b


def _stacked(entries: Sequence[Entry], level: Sequence[Stroke], unit: float) -> list[Entry]:
    """Lines of one header cell joined: same columns, close, no rule between."""
    result: list[Entry] = []
    for entry in entries:
        above = next(
            (e for e in reversed(result) if (e.column, e.column_end) == (entry.column, entry.column_end)), None
        )
        if (
            above is not None
            and entry.run.y0 - above.run.y1 < _LINE_GAP * unit
            and not _rule_between(above, entry, level)
        ):
            above.run.tokens.extend(entry.run.tokens)
            above.row_end = entry.row_end
        else:
            result.append(Entry(Run([*entry.run.tokens]), entry.row, entry.row_end, entry.column, entry.column_end))
    return result


def _rule_between(above: Entry, below: Entry, level: Sequence[Stroke]) -> bool:
    top, bottom = (above.run.y0 + above.run.y1) / 2, (below.run.y0 + below.run.y1) / 2
    x0, x1 = min(above.run.x0, below.run.x0), max(above.run.x1, below.run.x1)
    return any(top < s.at < bottom and min(x1, s.end) - max(x0, s.start) > 0.5 * (x1 - x0) for s in level)


def _fill_blanks(entries: Sequence[Entry], head: int) -> None:
    """Cells grow over the blank rows above them, then below."""
    taken = {(r, c) for e in entries for r in range(e.row, e.row_end) for c in range(e.column, e.column_end)}
    for entry in entries:
        columns = range(entry.column, entry.column_end)
        while entry.row > 0 and not any((entry.row - 1, c) in taken for c in columns):
            entry.row -= 1
            taken.update((entry.row, c) for c in columns)
    for entry in entries:
        columns = range(entry.column, entry.column_end)
        while entry.row_end < head and not any((entry.row_end, c) in taken for c in columns):
            taken.update((entry.row_end, c) for c in columns)
            entry.row_end += 1
