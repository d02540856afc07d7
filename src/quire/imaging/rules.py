"""Ruling lines of a page image, by morphology.

A rule is thinner than what a closing across it fills (black hat, Meyer 1979), which finds it on shaded cells and
badly lit paper as well, and longer than what an opening along it removes, which letters' strokes are not. A tilted
rule is a staircase: it is thickened by a pixel first, so that its steps overlap. Rules that are broken are joined.
Dotted lines are not found.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.view import Rule

_MAX_THICKNESS_PX: Final = 7
_FILLED_PX: Final = _MAX_THICKNESS_PX + 2
_MIN_CONTRAST: Final = 28
"""Grey levels by which a rule is darker than the paper on its sides."""
_MIN_LENGTH: Final = 0.016
"""Of the page's longer side."""
_LEAST_LENGTH_PX: Final = 18
_MAX_TILT: Final = 0.06
_MAX_BREAK: Final = 0.18
"""Of the least length: what parts a rule that is broken; between the rules of two headers there is more."""
_MAX_RULES: Final = 2000
"""Of each direction, the longest: a hatched page has no end of them."""


def find_rules(pixels: NDArray[np.uint8]) -> tuple[Rule, ...]:
    """Straight level and upright lines of ink, tilted by 3° at most.

    Args:
        pixels: (height, width, 3) uint8, BGR.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    length = max(_LEAST_LENGTH_PX, round(_MIN_LENGTH * max(grey.shape)))
    if min(grey.shape) <= length:
        return ()
    level, upright = _thin(grey, (1, _FILLED_PX)), _thin(grey, (_FILLED_PX, 1))
    level_runs = _opened(level, (length, 1))
    # Where rules cross neither is thinner than what is around it: each is bridged with the other.
    upright_runs = _opened(upright | level_runs, (1, length))
    level_runs = _opened(level | upright_runs, (length, 1))
    across = _joined(_segments(level_runs), _MAX_BREAK * length)
    down = _joined(_segments(np.ascontiguousarray(upright_runs.T)), _MAX_BREAK * length)[:, [1, 0, 3, 2]]
    return tuple(Rule(*segment) for segment in np.concatenate([across, down]).round(1).tolist())


def _thin(grey: NDArray[np.uint8], across: tuple[int, int]) -> NDArray[np.uint8]:
    """Ink, 255, that is thinner than `across` (width, height), thickened by a pixel on either side."""
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, across)
    _, ink = cv2.threshold(cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel), _MIN_CONTRAST, 255, cv2.THRESH_BINARY)
    steps = cv2.getStructuringElement(cv2.MORPH_RECT, (min(across[0], 3), min(across[1], 3)))
    return np.asarray(cv2.dilate(ink, steps), np.uint8)


def _opened(ink: NDArray[np.uint8], along: tuple[int, int]) -> NDArray[np.uint8]:
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, along)), np.uint8)


def _segments(runs: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Level rules of a mask, (N, 4) x0, y0, x1, y1 at the middle of their thickness."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8, ltype=cv2.CV_32S)
    longest = 1 + np.argsort(-stats[1:, cv2.CC_STAT_WIDTH], kind="stable")[:_MAX_RULES] if count > 1 else []
    found = [segment for label in longest if (segment := _segment(labels, stats[label], int(label))) is not None]
    return np.array(found, np.float64).reshape(-1, 4)


def _segment(
    labels: NDArray[np.int32], stats: NDArray[np.int32], label: int
) -> tuple[float, float, float, float] | None:
    """The line through a component; None when it is too fat to be one."""
    x, y, width, height, area = (int(value) for value in stats)
    if area > (_MAX_THICKNESS_PX + 2) * width or height > _MAX_THICKNESS_PX + 2 + _MAX_TILT * width:
        return None
    if height <= 5:
        middle = y + height / 2
        return x, middle, x + width, middle
    end = max(1, width // 8)
    ends = (labels[y : y + height, x : x + end], labels[y : y + height, x + width - end : x + width])
    left, right = (float(np.nonzero(part == label)[0].mean()) + y + 0.5 for part in ends)
    return x, left, x + width, right


def _joined(segments: NDArray[np.float64], gap: float) -> NDArray[np.float64]:
    """Segments that go on from one another within `gap` pixels are one."""
    result: list[list[float]] = []
    recent: list[list[float]] = []
    for x0, y0, x1, y1 in segments[np.argsort(segments[:, 0], kind="stable")].tolist():
        recent = [other for other in recent if other[2] >= x0 - gap]
        before = next((other for other in recent if abs(_height_at(other, x0) - y0) <= 2.0 and other[2] < x1), None)
        if before is None:
            recent.append([x0, y0, x1, y1])
            result.append(recent[-1])
        else:
            before[2:] = [x1, y1]
    return np.array(result, np.float64).reshape(-1, 4)


def _height_at(segment: list[float], x: float) -> float:
    x0, y0, x1, y1 = segment
    return y1 + (y1 - y0) / max(x1 - x0, 1.0) * (x - x1)
