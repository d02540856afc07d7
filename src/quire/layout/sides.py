"""What stands on the two sides of a gutter: columns of text, or the labels and entries of a form."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MIN_LINE_WIDTH = 4.5
"""Of a column's lines, in line heights."""

_MIN_COLUMN_LINES = 4
_MIN_FILL = 0.6
_SURE_LINE_WIDTH = 10.0
_SURE_PROSE_WIDTH = 15.0
_SURE_PROSE_LINES = 5
# Rows of running text are closer than those of a form.
_LOOSE_PITCH = 1.7


def is_form(few: NDArray[np.float64], many: NDArray[np.float64], height: float) -> bool:
    """Whether the sides are labels and what is filled in beside them: short, far below one another, and level."""
    usual = float(np.median(few[:, 2] - few[:, 0]))
    pitches = np.diff(np.sort(few[:, 1] + few[:, 3]) / 2)
    loose = float(np.median(pitches)) > _LOOSE_PITCH * height
    return loose and usual < _SURE_LINE_WIDTH * height and not independent(few, many, height)


def beside_prose(left: NDArray[np.float64], right: NDArray[np.float64], height: float) -> bool:
    """Whether the left side is plainly running text, and the right one more than its figures: a side bar."""
    wide = float(np.median(right[:, 2] - right[:, 0])) >= MIN_LINE_WIDTH * height
    return wide and stacked(left, height, _SURE_PROSE_WIDTH) >= _SURE_PROSE_LINES


def is_text(boxes: NDArray[np.float64], height: float) -> bool:
    """Whether boxes are columns of text, one or more, and not prices or a form's entries."""
    if len(boxes) < _MIN_COLUMN_LINES:
        return False
    usual = float(np.median(boxes[:, 2] - boxes[:, 0]))
    width = float(np.percentile(boxes[:, 2], 90) - np.percentile(boxes[:, 0], 10))
    # Lines of a table's cells lie side by side as columns' lines do, but are shorter.
    side_by_side = len(boxes) / _deepest(boxes) if usual >= _SURE_LINE_WIDTH * height else 1.0
    return usual >= MIN_LINE_WIDTH * height and usual * side_by_side >= _MIN_FILL * width


def stacked(boxes: NDArray[np.float64], height: float, width: float) -> int:
    """How many lines, `width` line heights wide or more, have one below that starts or is centred where they are."""
    boxes = boxes[np.argsort(boxes[:, 1] + boxes[:, 3], kind="stable")]
    followed = np.zeros(len(boxes), np.bool_)
    for step in range(1, min(5, len(boxes))):
        above, below = boxes[:-step], boxes[step:]
        pitch = (below[:, 1] + below[:, 3] - above[:, 1] - above[:, 3]) / 2
        near = (pitch > 0.6 * height) & (pitch < 2.2 * height)
        shift = np.abs(below - above)[:, [0, 2]]
        middle = np.abs(below[:, 0] + below[:, 2] - above[:, 0] - above[:, 2]) / 2
        followed[:-step] |= near & (np.minimum(shift[:, 0], middle) < 0.8 * height)
    return int((followed & (boxes[:, 2] - boxes[:, 0] >= width * height)).sum())


def _deepest(boxes: NDArray[np.float64]) -> int:
    """How many boxes lie above one another where most do: the lines of the longest column."""
    starts, ends = np.sort(boxes[:, 0]), np.sort(boxes[:, 2])
    begun, ended = np.arange(1, len(starts) + 1), np.searchsorted(ends, starts, side="right")
    return max(1, int((begun - ended).max()))


def independent(few: NDArray[np.float64], many: NDArray[np.float64], height: float) -> bool:
    """Whether most lines of the shorter side are level with none of the other: rows of a form would be."""
    centres = np.sort(many[:, 1] + many[:, 3]) / 2
    wanted = (few[:, 1] + few[:, 3]) / 2
    place = np.searchsorted(centres, wanted)
    before = centres[np.maximum(place - 1, 0)]
    after = centres[np.minimum(place, len(centres) - 1)]
    nearest = np.minimum(np.abs(wanted - before), np.abs(wanted - after))
    return bool((nearest > 0.3 * height).mean() > 0.5)
