"""A sheet to write on that remembers what was written where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from quire.geometry import Box


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """One line of the truth; `box` encloses its ink, pixels."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """One drawn page.

    Attributes:
        pixels: (height, width, 3) uint8, BGR.
        lines: the truth in reading order: one column, from top to bottom.
        language: of most of its words, ISO 639-1.
    """

    pixels: NDArray[np.uint8]
    lines: tuple[DrawnLine, ...]
    language: str

    @property
    def text(self) -> str:
        """The truth, one line a row."""
        return "\n".join(line.text for line in self.lines)


class Canvas:
    """A white grey-scale sheet, pixels, origin at the top left."""

    def __init__(self, width_px: int, height_px: int) -> None:
        self.width_px = width_px
        self.height_px = height_px
        self._image = Image.new("L", (width_px, height_px), 255)
        self._draw = ImageDraw.Draw(self._image)
        self._lines: list[DrawnLine] = []

    def write(self, text: str, x: float, y: float, font: ImageFont.FreeTypeFont, *, anchor: str = "ls") -> None:
        """Writes a line with its anchor (Pillow's; by default the left end of the baseline) at a point."""
        box = Box(*self._draw.textbbox((x, y), text, font, anchor=anchor))
        self._draw.text((x, y), text, fill=15, font=font, anchor=anchor)
        self._lines.append(DrawnLine(text, box))

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draws a straight line, two pixels wide."""
        self._draw.line((x0, y0, x1, y1), fill=90, width=2)

    def page(self, language: str) -> DrawnPage:
        """The sheet as it stands."""
        grey = np.asarray(self._image)
        return DrawnPage(np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2)), tuple(self._lines), language)
