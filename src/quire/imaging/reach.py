"""Where in a line's box its ink is, from the line's pixels."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.view import Reach

_INK: Final = 0.35
"""Of the line's contrast: where the edges of strokes are, blurred as they may be."""
_SPECK: Final = 2
"""Pixels of ink that a row needs to be a part of letters."""
_RULE: Final = 2.0
"""Heights of the box that no stroke of a letter is long: an underline, the side of a frame, the edge of a dark area."""
_THROUGH: Final = 0.8
"""Heights of the box that no letter fills of a column which touches a ruling line or the strip's edge."""
_GAP: Final = 0.14
"""Heights of the box between a letter and its accent, or the dot of an "i"; what is farther away is another line's."""

Ink = NDArray[np.uint8]
Runs = list[tuple[int, int]]


def find_reach(strip: NDArray[np.float32], contrast: float, room: float) -> Reach | None:
    """The line's ink on all four sides; None where there is none but ruling lines.

    Args:
        strip: (height, width) of the line turned level: how far pixels differ from the paper.
        contrast: of the ink.
        room: rows of the strip above the line's box and below it.
    """
    box = len(strip) - 2 * room
    ink = _without_rules(np.asarray(strip > _INK * contrast, np.uint8), box)
    rows = np.asarray(ink.sum(axis=1, dtype=np.int64))
    runs = _runs(rows >= _SPECK)
    if not runs:
        return None
    first, last = _with_neighbours(runs, rows, _GAP * box)
    columns = np.flatnonzero(ink[first:last].any(axis=0))
    # Ink that comes in over the strip's edge does not say where its line ends.
    return Reach(
        top=max(0.0, (first - room) / box) if first else 0.0,
        bottom=min(1.0, (last - room) / box) if last < len(rows) else 1.0,
        start=float(columns[0]) / ink.shape[1],
        end=float(columns[-1] + 1) / ink.shape[1],
    )


def _without_rules(ink: Ink, box: float) -> Ink:
    """The ink, 0 or 1, without long level lines, and without upright ones between them or from the strip's edge."""
    rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(_RULE * box)), np.uint8))
    bounded = (ink[0] | ink[-1] | rules.max(axis=0)) > 0
    rules[:, bounded & (ink.sum(axis=0, dtype=np.int64) > _THROUGH * box)] = 1
    # Their rims are ragged.
    return np.where(cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0, np.uint8(0), ink)


def _runs(inked: NDArray[np.bool_]) -> Runs:
    """Rows with ink that follow each other: the first, and the one after the last."""
    edges = np.flatnonzero(np.diff(inked, prepend=False, append=False)).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def _with_neighbours(runs: Runs, rows: NDArray[np.int64], gap: float) -> tuple[int, int]:
    """The run with the most ink, with those near it that do not come in over the edge of the strip."""
    main = max(range(len(runs)), key=lambda run: rows[slice(*runs[run])].sum())
    first, last = runs[main]
    for start, end in reversed(runs[:main]):
        if first - end > gap or start == 0:
            break
        first = start
    for start, end in runs[main + 1 :]:
        if start - last > gap or end == len(rows):
            break
        last = end
    return first, last
