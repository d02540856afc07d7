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

from quire.imaging.grey import grey_of
from quire.view import Rule

_MAX_THICKNESS_PX: Final = 7
_FILLED_PX: Final = _MAX_THICKNESS_PX + 2
_MIN_CONTRAST: Final = 28
"""Grey levels by which a rule is darker than the paper on its sides."""
_MIN_LENGTH: Final = 0.016
"""Of the page's longer side."""
_LEAST_LENGTH_PX: Final = 18
_SAMPLED_PX: Final = 4
"""Rules are longer than that by far: looking at every fourth pixel along them finds them all."""
_MAX_TILT: Final = 0.06
_MAX_BREAK: Final = 0.18
"""Of the least length: what parts a rule that is broken; between the rules of two headers there is more."""
_MAX_RULES: Final = 2000
"""Of each direction, the longest: a hatched page has no end of them."""


def find_rules(pixels: NDArray[np.uint8]) -> tuple[Rule, ...]:
    """Straight level and upright lines of ink, tilted by 3° at most.

    Args:
        pixels: (height, width, 3) uint8 BGR, or (height, width) grey.
    """
    grey = grey_of(pixels)
    length = max(_LEAST_LENGTH_PX, round(_MIN_LENGTH * max(grey.shape)))
    if min(grey.shape) <= length:
        return ()
    # Every other pixel along the rules tells as much, for half of the work.
    level = _thin(np.ascontiguousarray(grey[:, ::2]), (1, _FILLED_PX))
    upright = _thin(np.ascontiguousarray(grey[::2]), (_FILLED_PX, 1))
    level_runs = _opened(level, (length // 2, 1))
    # Where rules cross neither is thinner than what is around it: each is bridged with the other.
    if cv2.countNonZero(level_runs):
        crossing = level_runs[::2].repeat(2, axis=1)[:, : grey.shape[1]]
        upright |= _wider(crossing, (_FILLED_PX, 1))
    upright_runs = _opened(upright, (1, length // 2))
    if cv2.countNonZero(upright_runs):
        crossing = upright_runs[:, ::2].repeat(2, axis=0)[: grey.shape[0]]
        level_runs = _opened(level | _wider(crossing, (1, _FILLED_PX)), (length // 2, 1))
    across = _segments(level_runs[:, :: _SAMPLED_PX // 2], _MAX_BREAK * length)
    down = _segments(upright_runs[:: _SAMPLED_PX // 2].T, _MAX_BREAK * length)[:, [1, 0, 3, 2]]
    return tuple(Rule(*segment) for segment in np.concatenate([across, down]).round(1).tolist())


def _thin(grey: NDArray[np.uint8], across: tuple[int, int]) -> NDArray[np.uint8]:
    """Ink, 255, that is thinner than `across` (width, height), thickened by a pixel on either side."""
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, across)
    _, ink = cv2.threshold(cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel), _MIN_CONTRAST, 255, cv2.THRESH_BINARY)
    return _wider(np.asarray(ink, np.uint8), (min(across[0], 3), min(across[1], 3)))


def _wider(ink: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    return np.asarray(cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_RECT, size)), np.uint8)


def _opened(ink: NDArray[np.uint8], along: tuple[int, int]) -> NDArray[np.uint8]:
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, along)), np.uint8)


def _segments(runs: NDArray[np.uint8], gap: float) -> NDArray[np.float64]:
    """Level rules of a mask of every few columns, (N, 4) x0, y0, x1, y1 at the middle of their thickness."""
    # Few rows hold any: looking for components in these alone, with an empty one after each group, is much faster.
    inked = runs.any(axis=1)
    kept = np.flatnonzero(inked | np.roll(inked, 1))
    found = cv2.connectedComponentsWithStats(runs[kept], connectivity=8, ltype=cv2.CV_32S) if len(kept) else None
    if found is None:
        return np.empty((0, 4))
    labels, stats = np.asarray(found[1], np.int32), np.asarray(found[2], np.int32)
    longest = 1 + np.argsort(-stats[1:, cv2.CC_STAT_WIDTH], kind="stable")[:_MAX_RULES]
    segments = [_segment(labels, stats[label], label) for label in longest.tolist()]
    fine = np.array([segment for segment in segments if segment is not None], np.float64).reshape(-1, 4)
    skipped = kept - np.arange(len(kept))
    fine[:, [1, 3]] += skipped[fine[:, 1].astype(np.int64).clip(0, len(kept) - 1)][:, None]
    return _joined(fine * (_SAMPLED_PX, 1, _SAMPLED_PX, 1) + (1 - _SAMPLED_PX / 2, 0, 2 - _SAMPLED_PX, 0), gap)


def _segment(
    labels: NDArray[np.int32], stats: NDArray[np.int32], label: int
) -> tuple[float, float, float, float] | None:
    """The line through a component; None when it is too fat to be one."""
    x, y, width, height, area = stats.tolist()
    if area > _FILLED_PX * width or height > _FILLED_PX + _MAX_TILT * width * _SAMPLED_PX:
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
