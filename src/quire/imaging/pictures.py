"""Areas of a page image that hold a picture, a chart or a drawing: ink that is neither text nor a ruling line.

Shaded boxes, panels of text, dark edges of a scan and signatures are not meant: where in doubt, there is no picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.document import Line
from quire.geometry import Box, bounds
from quire.imaging.ink import PageInk, slices
from quire.imaging.shrinking import shrunk

_SIDE_PX = 640
_MOST_LINES = 3000

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
    page = PageInk.of(small, lines[:_MOST_LINES], 1 / factor)
    solid = [box for box in _clusters(page) if _is_picture(page, box)]
    found = _merged([*_framed(page, solid), *_charts(page)])
    return tuple(Box(*(value * factor for value in box)) for box in found)


def _clusters(page: PageInk) -> list[Box]:
    """Boxes around drawn ink that lies close together and fills a part of its box."""
    found = page.parts
    return [box for box, area in found if _is_large(page, box) and area >= _LEAST_FILL * box.area]


def _is_large(page: PageInk, box: Box) -> bool:
    least = max(_LEAST_SIDE * max(page.drawn.shape), 2.5 * page.line_px)
    return min(box.width, box.height) >= least and box.area >= _LEAST_AREA * page.drawn.size


def _charts(page: PageInk) -> list[Box]:
    """Frames and axes with much drawn in them, such as bars, that holds no text, as shaded cells do."""
    parts = [(box, area) for box, area in page.parts if page.text_share(box) <= _MOST_ON_BAR]
    return [
        frame
        for frame, _ in page.frames
        if _is_large(page, frame)
        and page.text_share(frame) <= _MOST_TEXT
        and sum(area for box, area in parts if _inside(box, frame)) >= _LEAST_INK * frame.area
        and sum(_inside(box, frame) and box.area < _PART * frame.area for box, _ in parts) >= _LEAST_PARTS
        and not _holds_text(page, frame)
    ]


def _is_picture(page: PageInk, box: Box) -> bool:
    """Whether what is drawn in the box is more than shading, a stroke of the pen or a scanner's edge."""
    part = slices(box)
    text, drawn = page.text[part] > 0, page.drawn[part] > 0
    least = _LEAST_EDGE_INK if _touches_edge(page, box) else _LEAST_INK
    if text.mean() > _MOST_TEXT or drawn.mean() < least or _holds_text(page, box) or _is_stroke(page, box):
        return False
    levels = page.darkest[part][drawn].astype(np.int16)
    alike = np.abs(levels - np.median(levels)) <= _SHADED_LEVELS
    return not (float((drawn | text).mean()) >= _SHADED_FILL and float(alike.mean()) >= _SHADED_SHARE)


def _framed(page: PageInk, boxes: Sequence[Box]) -> Iterable[Box]:
    """The boxes with the axes and frames that their pictures hang together with."""
    if not boxes:
        return []
    frames = [box for box, _ in page.frames]
    return [_frame(page, box, boxes, frames) for box in boxes]


def _frame(page: PageInk, box: Box, boxes: Sequence[Box], frames: Sequence[Box]) -> Box:
    around = [frame for frame in frames if _inside(box, frame)]
    for frame in sorted(around, key=lambda frame: frame.area):
        inside = sum(other.area for other in boxes if _inside(other, frame))
        labels = page.text_share(frame) <= _MOST_TEXT and not _holds_text(page, frame)
        if frame.area <= _FRAME_GROWTH * inside and labels:
            return Box(*_hull((box, frame)))
    return box


def _touches_edge(page: PageInk, box: Box) -> bool:
    """Whether it reaches the page's edge, where scanners leave dark corners and strips."""
    height, width = page.drawn.shape
    return min(box.x0, box.y0) <= 1 or box.x1 >= width - 1 or box.y1 >= height - 1


def _is_stroke(page: PageInk, box: Box) -> bool:
    """Whether it is small and all of thin strokes, as a signature is; or a strip along the page's edge."""
    if _touches_edge(page, box) and min(box.width, box.height) <= _EDGE_STRIP * max(page.drawn.shape):
        return True
    drawn = page.drawn[slices(box)]
    thick = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, np.ones((_STROKE_PX, _STROKE_PX), np.uint8))
    thin = float((thick > 0).sum()) < _LEAST_THICK * float((drawn > 0).sum())
    return thin and box.area < _SMALL * page.drawn.size


def _holds_text(page: PageInk, box: Box) -> bool:
    """Whether it is a part of the page's text rather than a picture with labels."""
    inside = [line for line in page.boxes if line.intersection(box) > 0.5 * line.area]
    if box.area >= _LARGE * page.drawn.size and len(inside) > _MOST_LINES_OF_LARGE:
        return True
    return sum(line.width > 0.5 * box.width for line in inside) > _MOST_WIDE_LINES


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
