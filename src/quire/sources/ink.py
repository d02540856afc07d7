"""The visible characters of a PDF page in a frame where every line reads along u and its letters stand along v.

Turned text needs no case of its own in that frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quire.sources.base import Raster
from quire.sources.characters import Characters
from quire.sources.pdf_frame import PageFrame, Rects
from quire.sources.unicode_text import Text, clean

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ink:
    """The visible characters: (N,) arrays in reading order.

    Attributes:
        codes: Unicode code points.
        spans: (N, 4) u0, v0, u1, v1 in pixels of the reading frame, as high as the font is.
        drawn: (N, 4) the same around what is drawn.
        turns: quarter turns clockwise from the page's frame to the reading frame.
        lines: number of the line each stands in, ascending.
        spaces: number of spaces before it, ascending within a line.
        styles: number of its style among the page's.
    """

    codes: NDArray[np.uint32]
    spans: Floats
    drawn: Floats
    turns: Ints
    lines: Ints
    spaces: Ints
    styles: Ints

    def reordered(self, order: Ints, lines: Ints) -> Ink:
        taken = (self.codes[order], self.spans[order], self.drawn[order], self.turns[order])
        return Ink(*taken, lines, self.spaces[order], self.styles[order])

    @property
    def heights(self) -> Floats:
        return self.spans[:, 3] - self.spans[:, 1]


def visible_ink(characters: Characters, frame: PageFrame, raster: Raster) -> Ink:
    """The characters that have a shape and stand on the page."""
    boxes = frame.to_pixels(characters.boxes, raster)
    text: Text = clean(characters.codes, boxes)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    shown = text.visible & (x >= 0) & (x <= raster.width) & (y >= 0) & (y <= raster.height)
    turns = ((characters.turns.astype(np.int64) + frame.rotation // 90) % 4)[shown]
    lines = (np.cumsum(text.breaks, dtype=np.int64) - text.breaks)[shown]
    spaces = np.cumsum(text.spaces, dtype=np.int64)[shown]
    styles = characters.styles.of_character[shown]
    spans = _to_reading_frame(boxes[shown], turns)
    drawn = _to_reading_frame(frame.to_pixels(characters.drawn[shown], raster), turns)
    return Ink(text.codes[shown], spans, drawn, turns, lines, spaces, styles)


def _to_reading_frame(boxes: Rects, turns: Ints) -> Floats:
    if not turns.any():
        return boxes
    x0, y0, x1, y1 = boxes.T
    by_turn = ((x0, y0, x1, y1), (y0, -x1, y1, -x0), (-x1, -y1, -x0, -y0), (-y1, x0, -y0, x1))
    return np.stack([np.choose(turns, side) for side in zip(*by_turn, strict=True)], axis=1)


def gaps(spans: Floats) -> Floats:
    """Empty space between neighbours, whichever way they run; negative where they overlap."""
    gaps: Floats = np.maximum(spans[1:, 0] - spans[:-1, 2], spans[:-1, 0] - spans[1:, 2])
    return gaps


def numbered(starts: Flags) -> Ints:
    """Ascending numbers for runs, from a flag for each element but the first."""
    return np.concatenate(([0], np.cumsum(starts)))
