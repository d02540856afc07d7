"""Areas of a page image that hold a picture, a chart or a drawing: ink that is neither text nor a ruling line.

Shaded boxes, panels of text, dark edges of a scan and signatures are not meant: where in doubt, there is no picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.document import Line
from quire.geometry import Box, bounds
from quire.imaging.shrinking import shrunk

Grey = NDArray[np.uint8]

_SIDE_PX = 640
_MOST_LINES = 3000
_MOST_CLUSTERS = 60

# Ink is so much darker, or so much more coloured, than the paper.
_INK_LEVELS = 45
_RULE_SHARE = 0.06

# Of the page's longer side and of its area.
_LEAST_SIDE = 0.045
_LEAST_AREA = 0.004
_EDGE_STRIP = 0.08

_LEAST_FILL = 0.25
_LEAST_INK = 0.13
_LEAST_EDGE_INK = 0.5
_STROKE_PX = 5
_LEAST_THICK = 0.25
_SMALL = 0.03
_MOST_TEXT = 0.3
_MOST_WIDE_LINES = 3
_MOST_LINES_OF_LARGE = 8
_LARGE = 0.5

# A shaded box: filled, and nearly all of one colour.
_SHADED_FILL = 0.8
_SHADED_LEVELS = 12
_SHADED_SHARE = 0.85

# A chart's bars: so little text on them, so small each, and so many.
_MOST_ON_BAR = 0.05
_PART = 0.5
_LEAST_PARTS = 3

_FRAME_GROWTH = 4.0


def find_pictures(pixels: NDArray[np.uint8], lines: Sequence[Line]) -> tuple[Box, ...]:
    """Areas of ink that is no text, from top to bottom; none where in doubt.

    Args:
        pixels: (height, width, 3) uint8, BGR.
        lines: read on the page, pixels of the same image.
    """
    small, factor = shrunk(pixels, _SIDE_PX)
    page = _Page.of(small, lines[:_MOST_LINES], 1 / factor)
    solid = [box for box in page.clusters() if page.is_picture(box)]
    found = _merged([*page.framed(solid), *page.charts()])
    return tuple(Box(*(value * factor for value in box)) for box in found)


@dataclass(frozen=True, slots=True)
class _Page:
    """A small copy of a page, taken apart.

    Attributes:
        darkest: (height, width) the darkest channel: light colours are dark in one of them.
        text: 255 where lines are, with a little around them.
        ink: 255 where something else is drawn.
        drawn: of that, what is no ruling line.
        boxes: of the lines.
    """

    darkest: Grey
    text: Grey
    ink: Grey
    drawn: Grey
    boxes: tuple[Box, ...]

    @classmethod
    def of(cls, pixels: NDArray[np.uint8], lines: Sequence[Line], scale: float) -> _Page:
        blue, green, red = cv2.split(pixels)
        darkest = np.asarray(cv2.min(cv2.min(blue, green), red), np.uint8)
        text = _text(darkest.shape, lines, scale)
        paper = int(np.percentile(darkest[::4, ::4], 75))
        ink = np.asarray(cv2.inRange(darkest, 0, max(paper - _INK_LEVELS, 0)), np.uint8)
        ink[text > 0] = 0
        boxes = tuple(Box(*(value * scale for value in bounds([line.box]))) for line in lines)
        return cls(darkest, text, ink, _without_rules(ink), boxes)

    @property
    def line_px(self) -> float:
        return median(box.height for box in self.boxes) if self.boxes else 8.0

    def clusters(self) -> list[Box]:
        """Boxes around drawn ink that lies close together and fills a part of its box."""
        found = self._components(self.drawn)
        return [box for box, area in found if self._is_large(box) and area >= _LEAST_FILL * box.area]

    def _is_large(self, box: Box) -> bool:
        least = max(_LEAST_SIDE * max(self.ink.shape), 2.5 * self.line_px)
        return min(box.width, box.height) >= least and box.area >= _LEAST_AREA * self.ink.size

    def _text_share(self, box: Box) -> float:
        return float((self.text[_slices(box)] > 0).mean())

    def charts(self) -> list[Box]:
        """Frames and axes with much drawn in them, such as bars, that holds no text, as shaded cells do."""
        parts = [(box, area) for box, area in self._components(self.drawn) if self._text_share(box) <= _MOST_ON_BAR]
        return [
            frame
            for frame, _ in self._components(self.ink)
            if self._is_large(frame)
            and self._text_share(frame) <= _MOST_TEXT
            and sum(area for box, area in parts if _inside(box, frame)) >= _LEAST_INK * frame.area
            and sum(_inside(box, frame) and box.area < _PART * frame.area for box, _ in parts) >= _LEAST_PARTS
            and not self._holds_text(frame)
        ]

    def is_picture(self, box: Box) -> bool:
        """Whether what is drawn in the box is more than shading, a stroke of the pen or a scanner's edge."""
        part = _slices(box)
        text, drawn = self.text[part] > 0, self.drawn[part] > 0
        least = _LEAST_EDGE_INK if self._touches_edge(box) else _LEAST_INK
        if text.mean() > _MOST_TEXT or drawn.mean() < least or self._holds_text(box) or self._is_stroke(box):
            return False
        levels = self.darkest[part][drawn].astype(np.int16)
        alike = np.abs(levels - np.median(levels)) <= _SHADED_LEVELS
        return not (float((drawn | text).mean()) >= _SHADED_FILL and float(alike.mean()) >= _SHADED_SHARE)

    def framed(self, boxes: Sequence[Box]) -> Iterable[Box]:
        """The boxes with the axes and frames that their pictures hang together with."""
        if not boxes:
            return []
        frames = [box for box, _ in self._components(self.ink)]
        return [self._frame(box, boxes, frames) for box in boxes]

    def _frame(self, box: Box, boxes: Sequence[Box], frames: Sequence[Box]) -> Box:
        around = [frame for frame in frames if _inside(box, frame)]
        for frame in sorted(around, key=lambda frame: frame.area):
            inside = sum(other.area for other in boxes if _inside(other, frame))
            labels = self._text_share(frame) <= _MOST_TEXT and not self._holds_text(frame)
            if frame.area <= _FRAME_GROWTH * inside and labels:
                return Box(*_hull((box, frame)))
        return box

    def _components(self, ink: Grey) -> list[tuple[Box, int]]:
        """The largest connected parts, small gaps closed, and how many pixels each has."""
        reach = max(5, round(0.8 * self.line_px))
        closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
        order = np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable")[:_MOST_CLUSTERS]
        rows: list[list[int]] = stats[1:][order].tolist()
        return [(Box(x, y, x + width, y + height), area) for x, y, width, height, area in rows]

    def _touches_edge(self, box: Box) -> bool:
        """Whether it reaches the page's edge, where scanners leave dark corners and strips."""
        height, width = self.ink.shape
        return min(box.x0, box.y0) <= 1 or box.x1 >= width - 1 or box.y1 >= height - 1

    def _is_stroke(self, box: Box) -> bool:
        """Whether it is small and all of thin strokes, as a signature is; or a strip along the page's edge."""
        if self._touches_edge(box) and min(box.width, box.height) <= _EDGE_STRIP * max(self.ink.shape):
            return True
        drawn = self.drawn[_slices(box)]
        thick = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, np.ones((_STROKE_PX, _STROKE_PX), np.uint8))
        thin = float((thick > 0).sum()) < _LEAST_THICK * float((drawn > 0).sum())
        return thin and box.area < _SMALL * self.ink.size

    def _holds_text(self, box: Box) -> bool:
        """Whether it is a part of the page's text rather than a picture with labels."""
        inside = [line for line in self.boxes if line.intersection(box) > 0.5 * line.area]
        if box.area >= _LARGE * self.ink.size and len(inside) > _MOST_LINES_OF_LARGE:
            return True
        return sum(line.width > 0.5 * box.width for line in inside) > _MOST_WIDE_LINES


def _text(shape: tuple[int, ...], lines: Sequence[Line], scale: float) -> Grey:
    """255 inside the lines' boxes and a little around them: letters reach over their boxes."""
    mask = np.zeros(shape, np.uint8)
    for line in lines:
        quad = np.array(line.box) * scale
        reach = 1 + 0.12 * float(np.hypot(*(quad[3] - quad[0])))
        grown = quad + np.sign(quad - quad.mean(axis=0)) * reach
        cv2.fillConvexPoly(mask, np.rint(grown).astype(np.int32), 255)
    return mask


def _without_rules(ink: Grey) -> Grey:
    """The ink without long thin strokes, level or upright: those of tables, forms and frames."""
    length = max(12, round(_RULE_SHARE * max(ink.shape)))
    drawn = ink.copy()
    for along, across in (((1, length), (5, 1)), ((length, 1), (1, 5))):
        strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(along, np.uint8))
        solid = cv2.morphologyEx(strokes, cv2.MORPH_OPEN, np.ones(across, np.uint8))
        thin = cv2.subtract(strokes, cv2.dilate(solid, np.ones(across, np.uint8)))
        drawn[cv2.dilate(thin, np.ones((3, 3), np.uint8)) > 0] = 0
    return drawn


def _merged(boxes: Iterable[Box]) -> list[Box]:
    """Boxes that overlap as one, from top to bottom."""
    apart: list[Box] = []
    for box in sorted(boxes, key=lambda box: -box.area):
        joined = box
        while touching := [other for other in apart if other.intersection(joined) > 0]:
            apart = [other for other in apart if other not in touching]
            joined = _hull((joined, *touching))
        apart.append(joined)
    return sorted(apart, key=lambda box: (box.y0, box.x0))


def _inside(box: Box, frame: Box) -> bool:
    return frame.intersection(box) >= 0.9 * box.area


def _hull(boxes: Sequence[Box]) -> Box:
    return bounds(box.quad for box in boxes)


def _slices(box: Box) -> tuple[slice, slice]:
    return slice(int(box.y0), int(box.y1)), slice(int(box.x0), int(box.x1))
