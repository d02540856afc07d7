"""Which way a page is written, and boxes turned so that every page can be laid out as if from left to right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.document import Direction, Line
from quire.geometry import Box

_RIGHT_TO_LEFT: Final = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LEFT_TO_RIGHT: Final = re.compile(r"[^\W\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_DENSE: Final = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# A column of vertical writing is at least this many times as tall as it is wide.
_UPRIGHT: Final = 2.5


def direction_of(text: str) -> Direction:
    """From left or from right, by most of the letters."""
    # Most texts have no such letter at all: counting the others would take longer than all else.
    if text.isascii() or not _RIGHT_TO_LEFT.search(text):
        return "ltr"
    return "rtl" if len(_RIGHT_TO_LEFT.findall(text)) > len(_LEFT_TO_RIGHT.findall(text)) else "ltr"


def sideways(line: Line, box: NDArray[np.float64]) -> bool:
    """Whether a line runs down or up the page: vertical writing, or a stamp along its margin.

    Args:
        box: (4,) x0, y0, x1, y1, straight.
    """
    tall = float(box[3] - box[1]) >= _UPRIGHT * float(box[2] - box[0])
    return tall and len(line.text) > (1 if dense(line.text) else 3)


def dense(text: str) -> bool:
    """Whether most of a text is Han or Kana, which are written in columns too."""
    return 2 * len(_DENSE.findall(text)) > len(text)


def page_direction(lines: Sequence[Line], boxes: NDArray[np.float64]) -> Direction:
    """Of most of a page's text.

    Args:
        boxes: (N, 4) of the lines, straight.
    """
    letters = sum(len(line.text) for line in lines)
    vertical = sum(
        len(line.text) for line, box in zip(lines, boxes, strict=True) if sideways(line, box) and dense(line.text)
    )
    return "ttb" if 2 * vertical > letters else direction_of("".join(line.text for line in lines))


def turned(boxes: NDArray[np.float64], direction: Direction) -> NDArray[np.float64]:
    """Boxes (N, 4) where reading runs from left to right and rows from top to bottom."""
    x0, y0, x1, y1 = boxes.T
    if direction == "rtl":
        return np.stack([-x1, y0, -x0, y1], axis=1)
    return np.stack([y0, -x1, y1, -x0], axis=1) if direction == "ttb" else boxes


def turned_back(box: Box, direction: Direction) -> Box:
    """The box on the page again."""
    x0, y0, x1, y1 = box
    if direction == "rtl":
        return Box(-x1, y0, -x0, y1)
    return Box(-y1, x0, -y0, x1) if direction == "ttb" else box
