"""Boxes that lie level with each other."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

# A row is judged by its last members: one of thousands would cost their square.
_JUDGED = 7
# An initial may be three lines high; what is taller, a logo, has no row.
_TALLER = 3.5


def rows(boxes: NDArray[np.float64], indices: Sequence[int]) -> list[list[int]]:
    """Indices grouped into rows that overlap vertically by half, top to bottom; each from left to right."""
    # Plain floats: rows are short, and arrays of two numbers cost more than they save.
    spans = {index: (float(boxes[index, 1]), float(boxes[index, 3])) for index in indices}
    result: list[list[int]] = []
    for index in sorted(indices, key=lambda i: sum(spans[i])):
        if result and _same_row([spans[member] for member in result[-1][-_JUDGED:]], spans[index]):
            result[-1].append(index)
        else:
            result.append([index])
    return [sorted(row, key=lambda i: boxes[i, 0]) for row in result]


def _same_row(row: Sequence[tuple[float, float]], span: tuple[float, float]) -> bool:
    top, bottom = row[0] if len(row) == 1 else (median(top for top, _ in row), median(bottom for _, bottom in row))
    low, high = sorted((bottom - top, span[1] - span[0]))
    return min(bottom, span[1]) - max(top, span[0]) > 0.5 * low and high < _TALLER * max(low, 1.0)
