"""Gutters: upright strips that the words of most rows leave free."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from quire.layout.tables.rows import Run
from quire.layout.tables.values import is_value

_MIN_GUTTER: Final = 0.15
_MIN_GUTTER_FEW: Final = 0.45
"""Of fewer rows, which leave a strip free by chance."""
_FEW: Final = 5
_STRAY: Final = 0.05
"""Share of the rows that may cross a gutter."""
_MIN_OCCUPIED: Final = 0.12
_MIN_TIGHT: Final = 0.2
_MIN_TIGHT_ROWS: Final = 4
_MAX_COLUMNS: Final = 100


def gutters(rows: Sequence[Sequence[Run]], unit: float, hard: Sequence[float] = ()) -> list[float]:
    """Middles of the gutters of a table's rows, ascending.

    Args:
        rows: their runs.
        hard: where upright rules part columns.
    """
    body = _body(rows)
    if not body:
        return sorted(hard)
    low = min(run.x0 for row in body for run in row)
    high = max(run.x1 for row in body for run in row)
    scale = 16.0 / unit
    cover = np.zeros(int((high - low) * scale) + 2, np.int32)
    for row in body:
        for run in row:
            cover[int((run.x0 - low) * scale) : int((run.x1 - low) * scale) + 1] += 1
    free = cover <= int(_STRAY * len(body))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], free.astype(np.int8), [0]])))
    spans = [(low + a / scale, low + b / scale) for a, b in edges.reshape(-1, 2).tolist()]
    least = (_MIN_GUTTER if len(body) >= _FEW else _MIN_GUTTER_FEW) * unit
    soft = [(a + b) / 2 for a, b in spans if b - a >= least and a > low and b < high]
    if len(soft) + len(hard) > _MAX_COLUMNS:
        return []
    kept = _occupied(body, _with_hard(soft, hard, spans), hard)
    return sorted(kept + _tight(body, kept, unit))[:_MAX_COLUMNS]


def _tight(body: Sequence[Sequence[Run]], found: Sequence[float], unit: float) -> list[float]:
    """Gutters no wider than a word space, between values that stand side by side in row after row."""
    gaps: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for run in (run for row in body for run in row if len(run.tokens) > 1):
        for before, after in pairwise(run.tokens):
            if is_value(before.text) and is_value(after.text) and any(c.isdigit() for c in before.text + after.text):
                gaps[bisect(found, (before.x1 + after.x0) / 2)].append((before.x1, after.x0))
    result = []
    for spans in gaps.values():
        low, high = max(a for a, _ in spans), min(b for _, b in spans)
        if len(spans) >= max(_MIN_TIGHT_ROWS, 0.5 * len(body)) and high - low > _MIN_TIGHT * unit:
            result.append((low + high) / 2)
    return result


def _body(rows: Sequence[Sequence[Run]]) -> list[Sequence[Run]]:
    """Rows that fill their columns: not headings, headers or continued lines."""
    counts = sorted(len(row) for row in rows)
    if not counts:
        return []
    usual = counts[int(0.8 * (len(counts) - 1))]
    return [row for row in rows if len(row) >= max(2, 0.6 * usual)]


def _with_hard(soft: Sequence[float], hard: Sequence[float], spans: Sequence[tuple[float, float]]) -> list[float]:
    """A rule in a gutter is its middle."""
    ruled = [next((x for x in hard if a <= x <= b), None) for a, b in spans]
    covered = {(a, b) for (a, b), x in zip(spans, ruled, strict=True) if x is not None}
    return sorted({*hard, *(x for x in soft if not any(a <= x <= b for a, b in covered))})


def _occupied(body: Sequence[Sequence[Run]], found: list[float], hard: Sequence[float]) -> list[float]:
    """Without the gutters beside columns that hardly hold anything."""
    need = max(2, _MIN_OCCUPIED * len(body)) if len(body) > 2 else 1
    while found:
        filled = [0] * (len(found) + 1)
        for row in body:
            for column in {_column(found, run) for run in row}:
                filled[column] += 1
        poor = [i for i, count in enumerate(filled) if count < need]
        drop = next((g for i in poor for g in _beside(found, i) if g not in hard), None)
        if drop is None:
            break
        found = [gutter for gutter in found if gutter != drop]
    return found


def _column(found: Sequence[float], run: Run) -> int:
    return bisect(found, (run.x0 + run.x1) / 2)


def _beside(found: Sequence[float], column: int) -> list[float]:
    return [*found[column : column + 1], *found[max(0, column - 1) : column]]
