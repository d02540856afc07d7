"""Which text rows of a table's body are lines of one row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from quire.layout.tables.headers import Entry
from quire.layout.tables.rows import TextRow
from quire.layout.tables.sheet import Stroke
from quire.layout.tables.values import is_value

_CLOSE: Final = 0.75
"""Of the usual step between full rows."""
_MANY_LOW: Final = 0.4
"""Share of full rows that start with a small letter by which it says nothing."""


def wrapped(
    entries: Sequence[Sequence[Entry]], rows: Sequence[TextRow], head: int, level: Sequence[Stroke]
) -> list[tuple[int, int]]:
    """Table rows as (first, end) of text rows, from `head` on."""
    if head >= len(rows):
        return []
    full = [sum(1 for _ in row) for row in entries]
    most = max(full[head:])
    is_full = [count >= max(2, 0.6 * most) for count in full]
    steps = [rows[i + 1].y - rows[i].y for i in range(head, len(rows) - 1) if is_full[i] and is_full[i + 1]]
    step = median(steps) if steps else 0.0
    ruled = _ruled(rows, head, level)
    whole = [row for row, filled in zip(entries[head:], is_full[head:], strict=True) if filled]
    lower = sum(map(_starts_low, whole)) > _MANY_LOW * len(whole)
    result = [(head, head + 1)]
    for i in range(head + 1, len(rows)):
        parted = any(rows[i - 1].y < at < rows[i].y for at in ruled)
        first, end = result[-1]
        has_full = any(is_full[j] for j in range(first, end))
        if not parted and (
            (not lower and _goes_on(entries[i], entries[i - 1]))
            or (bool(ruled) and len(ruled) >= 0.4 * (len(rows) - head) and not (has_full and is_full[i]))
            or (rows[i].y - rows[i - 1].y < _CLOSE * step and not (has_full and is_full[i]))
        ):
            result[-1] = (first, i + 1)
        else:
            result.append((i, i + 1))
    return result


def _ruled(rows: Sequence[TextRow], head: int, level: Sequence[Stroke]) -> list[float]:
    """Level rules between rows that go under most of them."""
    x0, x1 = min(r.tokens[0].x0 for r in rows), max(t.x1 for r in rows for t in r.tokens[-1:])
    found = sorted(s.at for s in level if min(s.end, x1) - max(s.start, x0) > 0.6 * (x1 - x0))
    inside = [at for at in found if rows[head].y < at < rows[-1].y]
    return [b for a, b in pairwise([-1e9, *inside]) if b - a > 4]


def _goes_on(entries: Sequence[Entry], above: Sequence[Entry]) -> bool:
    """Whether every cell of a line starts in the middle of a sentence, under a cell with words."""
    filled = {entry.column for entry in above if not is_value(entry.run.text)}
    return bool(entries) and _starts_low(entries) and all(entry.column in filled for entry in entries)


def _starts_low(entries: Sequence[Entry]) -> bool:
    return all(entry.run.text[0].islower() and len(entry.run.text) > 1 for entry in entries)
