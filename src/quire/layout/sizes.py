"""Sizes that can be compared between pages of one document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from quire.document import Page

_POINTS_PER_INCH: Final = 72.0
_LONG_SIDE_INCH: Final = 11.3
"""Between A4 and letter: of a page image that does not say its resolution."""
_STEP_PT: Final = 0.25


def points(page: Page, size_px: float) -> float:
    """Pixels of the page as points, 1/72 inch."""
    dpi = page.dpi or max(page.width, page.height, 1) / _LONG_SIDE_INCH
    return size_px * _POINTS_PER_INCH / dpi


def usual(sizes: Iterable[tuple[float, int]]) -> float | None:
    """The size that most letters have.

    Args:
        sizes: a size and how many letters have it. Measured sizes scatter, so what is within a twelfth counts too.
    """
    counts: Counter[int] = Counter()
    for size, letters in sizes:
        counts[round(size / _STEP_PT)] += letters
    if not counts:
        return None
    most = max(counts, key=lambda step: (sum(counts[near] for near in _near(step)), -step))
    near = [step for step in _near(most) if counts[step]]
    weight = sum(counts[step] for step in near)
    return _STEP_PT * sum(step * counts[step] for step in near) / max(weight, 1)


def _near(step: int) -> range:
    reach = max(1, step // 24)
    return range(step - reach, step + reach + 1)
