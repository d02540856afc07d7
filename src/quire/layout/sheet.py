"""A page's lines as its layout is worked out: straight, from left to right, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from quire.document import Direction, Line
from quire.geometry import Box, Quad, bounds
from quire.layout.direction import page_direction, turned
from quire.layout.order import straight_boxes
from quire.view import LineStyle, PageView

# Of a line's box to its em square, where nothing says the size of the letters.
_BOX_TO_EM = 1.2


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page to lay out.

    Attributes:
        direction: of most of its text.
        boxes: (N, 4) float64 of the view's lines, straight and turned: x grows the way of reading, y from row to row.
        height: of its usual line, pixels.
    """

    view: PageView
    direction: Direction
    boxes: NDArray[np.float64]
    height: float

    def style(self, line: int) -> LineStyle:
        """How a line is set; measured where nothing says it."""
        if self.view.styles:
            return self.view.styles[line]
        return LineStyle(max(float(self.boxes[line, 3] - self.boxes[line, 1]), 1.0) / _BOX_TO_EM)

    def straight(self, quads: Sequence[Quad]) -> NDArray[np.float64]:
        """Boxes around quads of the page, turned as the lines are, (N, 4)."""
        return turned(straight_boxes(quads, self.view.skew_degrees), self.direction)

    def placed(self, box: Box) -> NDArray[np.float64]:
        """An area of the page, turned as the lines are, (4,)."""
        place: NDArray[np.float64] = self.straight([box.quad])[0]
        return place


@dataclass(frozen=True, slots=True)
class Row:
    """What stands level in a column.

    Attributes:
        lines: indices into the view's lines, in the order of reading.
        x0, y0, x1, y1: turned as the sheet, pixels.
        size: of its letters' em square, pixels.
        bold: whether all of it is.
        lead: how much room its first word takes, pixels.
    """

    lines: tuple[int, ...]
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    mono: bool
    lead: float

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def centre(self) -> float:
        return (self.y0 + self.y1) / 2


def sheet_of(view: PageView) -> Sheet:
    """The view, straight and turned."""
    straight = straight_boxes([line.box for line in view.lines], view.skew_degrees)
    direction = page_direction(view.lines, straight)
    boxes = turned(straight, direction)
    height = float(np.median(boxes[:, 3] - boxes[:, 1])) if len(boxes) else 1.0
    return Sheet(view, direction, boxes, max(height, 1.0))


def row_of(sheet: Sheet, lines: Sequence[int]) -> Row:
    """One row of lines, first to last."""
    styles = [sheet.style(line) for line in lines]
    x0, y0, x1, y1 = zip(*[sheet.boxes[line].tolist() for line in lines], strict=True)
    return Row(
        lines=tuple(lines),
        text=" ".join([sheet.view.lines[line].text for line in lines]),
        x0=min(x0),
        y0=min(y0),
        x1=max(x1),
        y1=max(y1),
        # Most rows are one line.
        size=styles[0].size_px if len(styles) == 1 else median(style.size_px for style in styles),
        bold=all(style.bold for style in styles),
        mono=all(style.mono for style in styles),
        lead=_lead(sheet, lines[0]),
    )


def _lead(sheet: Sheet, line: int) -> float:
    """Room that the first word of a line takes; one letter's where words are not parted."""
    found: Line = sheet.view.lines[line]
    length = float(sheet.boxes[line, 2] - sheet.boxes[line, 0])
    if found.words and len(found.words) > 1:
        box = bounds([found.words[0].box])
        return min(length, box.height if sheet.direction == "ttb" else box.width)
    word = found.text.split(" ", 1)[0]
    return length * len(word) / max(1, len(found.text))
