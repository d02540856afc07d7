"""Pages of nothing but running text, told apart at a glance: most pages are, and need no search for tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.view import Rule

SAME_ROW: Final = 0.45
"""Heights by which the middles of words differ that stand in one row."""
RUN_GAP: Final = 1.0
"""Units of empty space that part what stands side by side."""
_SURELY: Final = 0.95


def is_plain(boxes: NDArray[np.float64], lines: NDArray[np.int64], rules: Sequence[Rule]) -> bool:
    """Whether each line is a row of its own without a gap between its words, and no rules cross.

    Nothing in such a page stands in columns. In doubt it is not plain.

    Args:
        boxes: (N, 4) of the page's words, straight, none of them empty.
        lines: (N,) ascending, the line of each.
    """
    level = sum(rule.level for rule in rules)
    if (level > 1 and level < len(rules)) or not len(boxes):
        return False
    sizes = boxes[:, 2:] - boxes[:, :2]
    unit = float(np.median(sizes.min(axis=1)))
    return _is_in_rows(boxes, lines, unit) and _is_without_gaps(boxes, lines, _SURELY * RUN_GAP * unit)


def _is_in_rows(boxes: NDArray[np.float64], lines: NDArray[np.int64], unit: float) -> bool:
    """Whether the middles of a line's words are so close, and those of two lines so far apart, that lines are rows."""
    starts = np.flatnonzero(np.diff(lines, prepend=-1))
    middles, heights = (boxes[:, 1] + boxes[:, 3]) / 2, boxes[:, 3] - boxes[:, 1]
    low, high = np.minimum.reduceat(middles, starts), np.maximum.reduceat(middles, starts)
    order = np.argsort(low)
    together = (high - low).max() < _SURELY * SAME_ROW * min(float(heights.min()), 2 * unit)
    apart = low[order][1:] - np.maximum.accumulate(high[order])[:-1] > SAME_ROW * float(heights.max())
    return bool(together and apart.all())


def _is_without_gaps(boxes: NDArray[np.float64], lines: NDArray[np.int64], gap: float) -> bool:
    # Lines end to end, so that one pass finds how far each has come.
    stride = float(boxes[:, 2].max() - boxes[:, 0].min()) + 1.0
    starts, ends = (boxes[:, side] + lines * stride for side in (0, 2))
    order = np.argsort(starts, kind="stable")
    clear = starts[order][1:] - np.maximum.accumulate(ends[order])[:-1]
    return bool((clear[np.diff(lines[order]) == 0] < gap).all())
