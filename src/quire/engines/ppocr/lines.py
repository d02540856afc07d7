"""Strips and what was read on them → lines in page coordinates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quire.document import Line, Word
from quire.engines.ppocr.crops import HEIGHT, size
from quire.engines.ppocr.ctc import Characters
from quire.engines.ppocr.recognizer import Strip
from quire.engines.ppocr.spacing import Span, spans
from quire.geometry import to_quad


def line_of(quad: NDArray[np.float32], strip: Strip, read: Characters, *, words: bool) -> Line | None:
    """The line on a quad (4, 2), with its words when they are wanted; None when nothing was read."""
    width, height = (float(values[0]) for values in size(quad[None]))
    line_height = HEIGHT * strip.pixels.shape[1] / max(HEIGHT * width / max(height, 1.0), 1.0)
    found = spans(strip.pixels, read, line_height)
    if not found:
        return None
    return Line(
        text=" ".join(span.text for span in found),
        box=to_quad(quad),
        confidence=read.confidence,
        words=tuple(_word(quad, span) for span in found) if words else (),
    )


def _word(quad: NDArray[np.float32], span: Span) -> Word:
    """The part of the quad between two fractions of its length."""
    # Plain floats: a page has 500 words, and arrays of four numbers cost more than they save.
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = quad.tolist()
    top, bottom = (bx - ax, by - ay), (cx - dx, cy - dy)
    corners = (
        (ax + top[0] * span.start, ay + top[1] * span.start),
        (ax + top[0] * span.end, ay + top[1] * span.end),
        (dx + bottom[0] * span.end, dy + bottom[1] * span.end),
        (dx + bottom[0] * span.start, dy + bottom[1] * span.start),
    )
    return Word(span.text, to_quad(corners), span.confidence)
