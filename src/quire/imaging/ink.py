"""A small copy of a page image, taken apart: text, ruling lines, and what else is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.document import Line
from quire.geometry import Box, bounds

Grey = NDArray[np.uint8]
Part = tuple[Box, int]
"""A connected part of ink: its box, and how many pixels it has with small gaps closed."""

_MOST_PARTS = 60

# Ink is so much darker, or so much more coloured, than the paper.
_INK_LEVELS = 45
_RULE_SHARE = 0.06


@dataclass(frozen=True, slots=True)
class PageInk:
    """What is on a page.

    Attributes:
        darkest: (height, width) uint8, the darkest channel: light colours are dark in one of them.
        text: 255 where lines are, with a little around them.
        boxes: of the lines.
        line_px: median height of the lines.
        drawn: 255 where something else is drawn that is no ruling line.
        parts: of what is drawn, the largest first.
        frames: the same with ruling lines, which join what belongs together.
    """

    darkest: Grey
    text: Grey
    boxes: tuple[Box, ...]
    line_px: float
    drawn: Grey
    parts: tuple[Part, ...]
    frames: tuple[Part, ...]

    @classmethod
    def of(cls, pixels: NDArray[np.uint8], lines: Sequence[Line], scale: float) -> PageInk:
        """Takes an image apart.

        Args:
            pixels: (height, width, 3) uint8, BGR.
            scale: pixels of this image for each of the lines' page.
        """
        blue, green, red = cv2.split(pixels)
        darkest = np.asarray(cv2.min(cv2.min(blue, green), red), np.uint8)
        text = _text(darkest.shape, lines, scale)
        paper = int(np.percentile(darkest[::4, ::4], 75))
        ink = np.asarray(cv2.inRange(darkest, 0, max(paper - _INK_LEVELS, 0)), np.uint8)
        ink[text > 0] = 0
        boxes = tuple(Box(*(value * scale for value in bounds([line.box]))) for line in lines)
        line_px = median(box.height for box in boxes) if boxes else 8.0
        drawn = _without_rules(ink)
        parts = _parts(drawn, line_px)
        ruled = cv2.countNonZero(ink) > cv2.countNonZero(drawn)
        return cls(darkest, text, boxes, line_px, drawn, parts, _parts(ink, line_px) if ruled else parts)

    def text_share(self, box: Box) -> float:
        """How much of the box is text, 0 to 1."""
        return float((self.text[slices(box)] > 0).mean())


def slices(box: Box) -> tuple[slice, slice]:
    """The box's rows and columns."""
    return slice(int(box.y0), int(box.y1)), slice(int(box.x0), int(box.x1))


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


def _parts(ink: Grey, line_px: float) -> tuple[Part, ...]:
    """The largest connected parts."""
    reach = max(5, round(0.8 * line_px))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    order = np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable")[:_MOST_PARTS]
    rows: list[list[int]] = stats[1:][order].tolist()
    return tuple((Box(x, y, x + width, y + height), area) for x, y, width, height, area in rows)
