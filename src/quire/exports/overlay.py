"""Page → picture of the page with what was read drawn on it, for people to check."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.document import Block, Line, Page, Word
from quire.geometry import Quad

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]

_SHADES: Final = ((0.9, (200, 120, 30)), (0.7, (0, 140, 240)), (0.0, (40, 40, 220)))
"""Least confidence and its colour (BGR): blue is sure, orange doubtful, red poor."""

_KINDS: Final[dict[str, Colour]] = {
    "title": (150, 0, 150),
    "heading": (150, 0, 150),
    "list": (120, 120, 0),
    "table": (0, 130, 0),
    "figure": (0, 90, 180),
    "code": (120, 120, 0),
    "formula": (120, 120, 0),
}
"""Colours (BGR) of blocks that are more than paragraphs."""

_OTHER: Final[Colour] = (130, 130, 130)
_FILL: Final = 0.18
_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX


def overlay(image: Image, page: Page, *, words: bool = False, max_side_px: int | None = None) -> bytes:
    """PNG file of the page as `drawn` has it."""
    _, png = cv2.imencode(".png", drawn(image, page, words=words, max_side_px=max_side_px))
    return png.tobytes()


def drawn(image: Image, page: Page, *, words: bool = False, max_side_px: int | None = None) -> Image:
    """The page with its blocks outlined and named, its lines coloured by confidence and numbered in reading order.

    Args:
        image: (height, width, 3) uint8 BGR, the upright page; scaled where its size differs.
        words: also outline the words.
        max_side_px: length of the picture's longer side at most; the page's own when absent.

    Returns:
        (height, width, 3) uint8 BGR.
    """
    scale = min(1.0, (max_side_px or float("inf")) / max(page.width, page.height))
    size = max(1, round(page.width * scale)), max(1, round(page.height * scale))
    canvas = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    _Pen(canvas, scale).draw(page, words=words)
    return canvas


class _Pen:
    """Draws on a picture of a page that is `scale` times as large as the page."""

    def __init__(self, canvas: Image, scale: float) -> None:
        self._canvas = canvas
        self._scale = scale
        self._thickness = max(1, round(max(canvas.shape) / 1000))
        self._letters = 0.4 * max(1.0, self._thickness * 0.9)

    def draw(self, page: Page, *, words: bool) -> None:
        self._fill(page.lines)
        for block in page.blocks:
            self._block(block, page)
        if words:
            self._outline((word for line in page.lines for word in line.words), thickness=1)
        self._outline(page.lines, self._thickness)
        for position, line in enumerate(page.lines, start=1):
            self._number(line, position)

    def _fill(self, lines: Iterable[Line]) -> None:
        tinted = self._canvas.copy()
        for line in lines:
            cv2.fillPoly(tinted, [self._polygon(line.box)], _colour(line.confidence))
        cv2.addWeighted(tinted, _FILL, self._canvas, 1 - _FILL, 0, dst=self._canvas)

    def _block(self, block: Block, page: Page) -> None:
        """Outlines a block and its cells, and names it at its upper right corner."""
        colour = _KINDS.get(block.kind, _OTHER)
        if block.table is not None:
            for cell in page.tables[block.table].cells:
                self._polyline(cell.box, colour, 1)
        self._polyline(block.box, colour, self._thickness)
        if block.kind != "paragraph":
            name = f"{block.kind} {block.level}" if block.level else block.kind
            self._write(name, max(x for x, _ in block.box), min(y for _, y in block.box), colour)

    def _outline(self, shapes: Iterable[Line | Word], thickness: int) -> None:
        for shape in shapes:
            self._polyline(shape.box, _colour(shape.confidence), thickness)

    def _number(self, line: Line, position: int) -> None:
        """Writes the line's place in the reading order left of it, or on it where the margin has no room."""
        (_, height), _ = cv2.getTextSize(str(position), _FONT, self._letters, self._thickness)
        x, y = line.box[0]
        self._write(str(position), x - 3 / self._scale, y + height / self._scale, _colour(line.confidence))

    def _write(self, text: str, right: float, base: float, colour: Colour) -> None:
        """Writes a text that ends at `right` and stands on `base`, both in the page's pixels."""
        (width, _), _ = cv2.getTextSize(text, _FONT, self._letters, self._thickness)
        origin = max(0, round(right * self._scale) - width), round(base * self._scale)
        cv2.putText(self._canvas, text, origin, _FONT, self._letters, colour, self._thickness, cv2.LINE_AA)

    def _polyline(self, box: Quad, colour: Colour, thickness: int) -> None:
        cv2.polylines(self._canvas, [self._polygon(box)], True, colour, thickness, cv2.LINE_AA)

    def _polygon(self, box: Quad) -> NDArray[np.int32]:
        return (np.asarray(box, dtype=np.float64) * self._scale).round().astype(np.int32)


def _colour(confidence: float) -> Colour:
    return next((colour for least, colour in _SHADES if confidence >= least), _SHADES[-1][1])
