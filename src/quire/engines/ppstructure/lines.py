"""Lines of text as the pipeline saw them, and the regions that they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from quire.document import Line
from quire.engines.ppstructure.answers import Corners, PageAnswer, TextAnswer
from quire.engines.vlm.parsing.pieces import scaled
from quire.geometry import Box, Quad, bounds, to_quad

_INSIDE: Final = 0.5
_CLOSER: Final = 0.2
_UPRIGHT: Final = 1.5


@dataclass(frozen=True, slots=True)
class Frame:
    """The upright page.

    Attributes:
        width, height: pixels.
        turns: quarter turns clockwise that brought it upright.
        per_x, per_y: pixels of the page for each of the answer's.
    """

    width: int
    height: int
    turns: int
    per_x: float
    per_y: float

    @classmethod
    def of(cls, answer: PageAnswer, width: int, height: int) -> Frame:
        """The frame of an answer on an image of `width` × `height` pixels."""
        turns = -max(0, answer.doc_preprocessor_res.angle) // 90 % 4
        if turns % 2:
            width, height = height, width
        return cls(width, height, turns, width / (answer.width or width), height / (answer.height or height))

    def box(self, corners: Corners) -> Box | None:
        """Its part inside the page; None where there is none."""
        return scaled(self.per_x, self.per_y, self.width, self.height)(*corners)

    def quad(self, points: Sequence[tuple[float, float]]) -> Quad:
        """A line's corners inside the page; those of the box around it where there are not four."""
        inside = tuple(
            (min(max(0.0, x * self.per_x), self.width), min(max(0.0, y * self.per_y), self.height)) for x, y in points
        )
        return to_quad(inside if len(inside) == 4 else _around(inside).quad)


def seen_lines(answer: TextAnswer, frame: Frame) -> list[Line]:
    """The lines that say something, in the pipeline's order; their words are not told."""
    found = zip(answer.rec_texts, answer.rec_scores, answer.rec_polys, strict=True)
    return [
        Line(" ".join(text.split()), frame.quad(points), min(max(0.0, score), 1.0))
        for text, score, points in found
        if text.strip()
    ]


def owners(lines: Sequence[Line], regions: Sequence[Box | None]) -> list[int | None]:
    """For each line the region that holds most of it, the smallest of those that hold about as much; None without."""
    boxes = np.array([bounds([line.box]) for line in lines], np.float64).reshape(-1, 4)
    areas = np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1e-6)
    best = np.full(len(lines), _INSIDE - _CLOSER)
    owner = np.full(len(lines), -1)
    sized = [(region.area, place, region) for place, region in enumerate(regions) if region is not None]
    for _, place, region in sorted(sized):
        wide = np.minimum(boxes[:, 2], region.x1) - np.maximum(boxes[:, 0], region.x0)
        high = np.minimum(boxes[:, 3], region.y1) - np.maximum(boxes[:, 1], region.y0)
        share = np.maximum(wide, 0) * np.maximum(high, 0) / areas
        more = share > best + _CLOSER
        best[more], owner[more] = share[more], place
    return [None if place < 0 else int(place) for place in owner]


def is_vertical(lines: Sequence[Line]) -> bool:
    """Whether most of the lines are columns, written from top to bottom."""
    columns = [_is_column(line) for line in lines]
    return sum(columns) * 2 > len(columns)


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Row by row, from left to right in each; vertical ones from right to left."""
    boxes = [bounds([line.box]) for line in lines]
    if is_vertical(lines):
        boxes = [Box(box.y0, -box.x1, box.y1, -box.x0) for box in boxes]
    return [lines[place] for row in _rows(boxes) for place in sorted(row, key=lambda place: boxes[place].x0)]


def _rows(boxes: Sequence[Box]) -> Iterator[list[int]]:
    row: list[int] = []
    for place in sorted(range(len(boxes)), key=lambda place: boxes[place].y0 + boxes[place].y1):
        middle = (boxes[place].y0 + boxes[place].y1) / 2
        if row and middle >= boxes[row[0]].y1:
            yield row
            row = []
        row.append(place)
    if row:
        yield row


def _is_column(line: Line) -> bool:
    box = bounds([line.box])
    return len(line.text) > 1 and box.height > _UPRIGHT * box.width


def _around(points: Sequence[tuple[float, float]]) -> Box:
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))
