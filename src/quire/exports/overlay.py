"""Page → picture of the page with what was read drawn on it, for people to check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.document import Line, Page, Word

Image = NDArray[np.uint8]

_SHADES: Final = ((0.9, (200, 120, 30)), (0.7, (0, 140, 240)), (0.0, (40, 40, 220)))
"""Least confidence and its colour (BGR): blue is sure, orange doubtful, red poor."""

_FILL: Final = 0.18
_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX


def overlay(image: Image, page: Page, *, words: bool = False) -> bytes:
    """The page with its lines outlined, coloured by confidence and numbered in reading order.

    Args:
        image: (height, width, 3) uint8 BGR, the upright page; scaled to the page's size where it differs.
        words: also outline the words.

    Returns:
        A PNG file.
    """
    canvas = np.asarray(cv2.resize(image, (page.width, page.height), interpolation=cv2.INTER_AREA), np.uint8)
    thickness = max(1, round(max(page.width, page.height) / 1000))
    _fill(canvas, page.lines)
    if words:
        _outline(canvas, (word for line in page.lines for word in line.words), thickness=1)
    _outline(canvas, page.lines, thickness)
    for position, line in enumerate(page.lines, start=1):
        _number(canvas, line, position, thickness)
    _, png = cv2.imencode(".png", canvas)
    return png.tobytes()


def _fill(canvas: Image, lines: Iterable[Line]) -> None:
    tinted = canvas.copy()
    for line in lines:
        cv2.fillPoly(tinted, [_polygon(line)], _colour(line.confidence))
    cv2.addWeighted(tinted, _FILL, canvas, 1 - _FILL, 0, dst=canvas)


def _outline(canvas: Image, shapes: Iterable[Line | Word], thickness: int) -> None:
    for shape in shapes:
        cv2.polylines(canvas, [_polygon(shape)], True, _colour(shape.confidence), thickness, cv2.LINE_AA)


def _number(canvas: Image, line: Line, position: int, thickness: int) -> None:
    """Writes the line's place in the reading order left of it, or on it where the margin has no room."""
    scale = 0.4 * max(1.0, thickness * 0.9)
    (width, height), _ = cv2.getTextSize(str(position), _FONT, scale, thickness)
    x, y = line.box[0]
    origin = (max(0, round(x) - width - 3), round(y) + height)
    cv2.putText(canvas, str(position), origin, _FONT, scale, _colour(line.confidence), thickness, cv2.LINE_AA)


def _polygon(shape: Line | Word) -> NDArray[np.int32]:
    return np.asarray(shape.box, dtype=np.float64).round().astype(np.int32)


def _colour(confidence: float) -> tuple[int, int, int]:
    return next((colour for least, colour in _SHADES if confidence >= least), _SHADES[-1][1])
