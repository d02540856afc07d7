"""Comparing lines with boxes: matched one to one by overlap, best overlap first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from quire.bench.scoring.tally import Tally
from quire.bench.scoring.text import normalized, shared, words

Polygon = list[tuple[float, float]]

_MATCH_IOU: Final = 0.5


def score_lines(
    truth: Sequence[Mapping[str, Any]], read: Sequence[Mapping[str, Any]], *, ignore_case: bool = False
) -> Tally:
    """Compares lines `{"text", "box"}`; a box is four corners or `[x0, y0, x1, y1]`, pixels."""
    true_words = [words(normalized(line.get("text", ""), ignore_case=ignore_case)) for line in truth]
    read_words = [words(normalized(line.get("text", ""), ignore_case=ignore_case)) for line in read]
    matches = matched([polygon(line["box"]) for line in truth], [polygon(line["box"]) for line in read])
    return Tally(
        lines=len(truth),
        lines_read=len(read),
        lines_matched=len(matches),
        line_words=sum(map(len, true_words)),
        line_words_read=sum(map(len, read_words)),
        line_words_shared=sum(shared(true_words[i], read_words[j]) for i, j in matches),
    )


def matched(truth: Sequence[Polygon], read: Sequence[Polygon]) -> list[tuple[int, int]]:
    """Pairs of indices whose overlap (IoU) is at least one half, each index at most once."""
    candidates = []
    for i, first in enumerate(truth):
        for j, second in enumerate(read):
            overlap = iou(first, second)
            if overlap >= _MATCH_IOU:
                candidates.append((overlap, i, j))
    pairs: list[tuple[int, int]] = []
    taken_truth: set[int] = set()
    taken_read: set[int] = set()
    for _, i, j in sorted(candidates, reverse=True):
        if i not in taken_truth and j not in taken_read:
            taken_truth.add(i)
            taken_read.add(j)
            pairs.append((i, j))
    return pairs


def polygon(box: Sequence[Any]) -> Polygon:
    """A box of either form as corners that turn clockwise on the page."""
    if isinstance(box[0], int | float):
        x0, y0, x1, y1 = map(float, box)
        corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    else:
        corners = [(float(x), float(y)) for x, y in box]
    return corners if area(corners) >= 0 else corners[::-1]


def area(corners: Polygon) -> float:
    """Area by the shoelace formula, square pixels; negative when the corners turn anticlockwise."""
    following = corners[1:] + corners[:1]
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(corners, following, strict=True)) / 2


def iou(first: Polygon, second: Polygon) -> float:
    """Intersection over union of two convex polygons that turn clockwise."""
    if not _bounds_meet(first, second):
        return 0.0
    common = area(first) if first == second else area(_clipped(first, second))
    union = area(first) + area(second) - common
    return common / union if union > 0 else 0.0


def _bounds_meet(first: Polygon, second: Polygon) -> bool:
    return all(
        min(p[axis] for p in first) < max(p[axis] for p in second)
        and min(p[axis] for p in second) < max(p[axis] for p in first)
        for axis in (0, 1)
    )


def _clipped(subject: Polygon, window: Polygon) -> Polygon:
    """The part of `subject` inside `window` (Sutherland and Hodgman 1974)."""
    for start, end in zip(window, window[1:] + window[:1], strict=True):
        inside = [_side(point, start, end) for point in subject]
        kept: Polygon = []
        for k, point in enumerate(subject):
            before, d0, d1 = subject[k - 1], inside[k - 1], inside[k]
            if (d0 < 0) != (d1 < 0):
                share = d0 / (d0 - d1)
                kept.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
            if d1 >= 0:
                kept.append(point)
        subject = kept
        if not subject:
            break
    return subject


def _side(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """Positive to the right of the edge, which is inside, as `y` points down."""
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])
