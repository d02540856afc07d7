"""Which grids are tables: columns of prose, lists, contents, forms, charts and frames are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from quire.layout.tables.grid import Area, Grid, cell_text
from quire.layout.tables.sheet import Stroke
from quire.layout.tables.values import as_number, has_leader, is_field, is_marker, is_reference, is_value

_SCALE: Final = 4
_EQUAL_STEPS: Final = 0.6
_DOWNWARD: Final = 0.75
_LEAST_FILLED: Final = 0.25
_LEAST_SINGLE: Final = 0.55
"""Share of a ruled grid's cells that take one place: a form's boxes have edges that nothing shares."""
_MANY_BOXES: Final = 12
_MOST_FIELDS: Final = 0.25
_MOST_NAMES: Final = 4
"""Times what the body says: a form's lines to fill in lie under names alone."""


def is_ruled_table(grid: Grid, unit: float) -> bool:
    """Whether text stands side by side in two rows and one below the other in two columns."""
    texts = _texts(grid, unit)
    by_row, by_column = Counter(a.row for a in texts), Counter(a.column for a in texts)
    if sum(n > 1 for n in by_row.values()) < 2 or sum(n > 1 for n in by_column.values()) < 2:
        return False
    if len(texts) < _LEAST_FILLED * len(grid.areas) or not _is_regular(texts):
        return False
    return not _is_chart(texts, len(grid.xs) - 1)


def is_form(grid: Grid, unit: float) -> bool:
    """Whether rules make many boxes that share few edges: no tables are in it."""
    texts = _texts(grid, unit)
    return len(texts) >= _MANY_BOXES and not _is_regular(texts)


def _is_regular(texts: Mapping[Area, str]) -> bool:
    return sum(a.row_end - a.row == 1 == a.column_end - a.column for a in texts) >= _LEAST_SINGLE * len(texts)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What an open grid looks like.

    Attributes:
        rules: level rules over most of its width.
        values: share of values among the cells beside the first column and below the header.
        words: mean number of words in them.
        filled: share of places that hold one.
    """

    rows: int
    columns: int
    rules: int
    values: float
    words: float
    filled: float


def is_open_table(grid: Grid, level: Sequence[Stroke], unit: float) -> bool:
    """Whether its cells are values or short, in rows enough."""
    texts = _texts(grid, unit)
    body = [text for area, text in texts.items() if area.row >= grid.header_rows and area.column > 0]
    if len(texts) < 5 or not body or _is_list(texts) or _has_fields(texts) or _is_chart(texts, len(grid.xs) - 1):
        return False
    if sum(map(len, texts.values())) > _MOST_NAMES * sum(len(t) for a, t in texts.items() if a.row >= grid.header_rows):
        return False
    facts = _facts(grid, body, level)
    if facts.columns < 2 or facts.filled < 0.3:
        return False
    if facts.rows < 3:
        return facts.rules >= 2 and facts.columns > 2 and facts.rows > 1
    return _two_columns(facts) if facts.columns == 2 else _many_columns(facts)


def _two_columns(facts: _Facts) -> bool:
    """Labels with values; a receipt's or a letter's short right-hand entries leave gaps."""
    if facts.rules >= 2:
        return facts.filled > 0.5 and (facts.values > 0.5 or (facts.words < 4 and facts.filled > 0.7))
    return facts.rows > 4 and facts.values > 0.8 and facts.filled > 0.8


def _many_columns(facts: _Facts) -> bool:
    if facts.values >= 0.5:
        return True
    if facts.rules >= 2:
        return facts.words < 6 and (facts.values > 0.1 or (facts.words < 4 and facts.filled > 0.7))
    return facts.columns > 3 and facts.rows > 3 and facts.words < 2.5 and facts.filled > 0.7


def _facts(grid: Grid, body: Sequence[str], level: Sequence[Stroke]) -> _Facts:
    rows, columns = len(grid.ys) - 1, len(grid.xs) - 1
    left, right = grid.xs[0], grid.xs[-1]
    return _Facts(
        rows=rows,
        columns=columns,
        rules=sum(min(s.end, right) - max(s.start, left) > 0.7 * (right - left) for s in level),
        values=sum(map(is_value, body)) / len(body),
        words=sum(len(text.split()) for text in body) / len(body),
        filled=len(body) / max(1, (rows - grid.header_rows) * (columns - 1)),
    )


def _texts(grid: Grid, unit: float) -> dict[Area, str]:
    """Texts of the cells that have one, row by row."""
    filled = sorted((area for area, words in grid.words.items() if words), key=lambda area: (area.row, area.column))
    return {area: cell_text(grid.words[area], unit) for area in filled}


def _is_list(texts: Mapping[Area, str]) -> bool:
    """Whether bullets, numbers of entries or equations, or leading dots make its columns."""
    first = [text for area, text in texts.items() if area.column == 0]
    rest = [text for area, text in texts.items() if area.column > 0]
    numbered = sum(map(is_marker, first)) > 0.5 * len(first) and not sum(map(is_value, rest)) > 0.5 * len(rest)
    equations = sum(map(is_reference, rest)) > 0.5 * len(rest)
    return numbered or equations or sum(map(has_leader, texts.values())) > 0.25 * len(first)


def _has_fields(texts: Mapping[Area, str]) -> bool:
    """Whether many cells hold a label and what is filled in, as a form's do."""
    return sum(map(is_field, texts.values())) > _MOST_FIELDS * len(texts)


def _is_chart(texts: Mapping[Area, str], columns: int) -> bool:
    """Whether a column is the scale of an axis: values in equal steps, the largest at the top.

    Years and ranks go down in steps of one, and are none.
    """
    for column in range(columns):
        numbers = (as_number(text) for area, text in texts.items() if area.column == column)
        scale = [number for number in numbers if number is not None]
        if len(scale) < _SCALE:
            continue
        steps = Counter(round(a - b, 6) for a, b in pairwise(scale))
        step, count = steps.most_common(1)[0]
        down = sum(times for size, times in steps.items() if size > 0)
        if step > 0 and step != 1 and count >= _EQUAL_STEPS * steps.total() and down >= _DOWNWARD * steps.total():
            return True
    return False
