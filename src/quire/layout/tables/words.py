"""A page's words, straight, as arrays."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from quire.document import Line, Word
from quire.layout.order import straight_boxes
from quire.view import PageView

MAX_WORDS: Final = 12_000
"""A page with more is no page for people: its tables are not looked for."""


class Words(NamedTuple):
    """Words, or lines whose words are not known.

    Attributes:
        lines: (N,) ascending, the line that each stands in.
        boxes: (N, 4) straight, pixels.
    """

    texts: list[str]
    lines: NDArray[np.int64]
    boxes: NDArray[np.float64]


def words_of(view: PageView) -> Words:
    """The words of a page, but those without letters or size; of a page with too many, a few more than may be."""
    words: list[Word | Line] = []
    lines: list[int] = []
    for index, line in enumerate(view.lines):
        found = [word for word in line.words or (line,) if word.text.strip()]
        words += found
        lines += [index] * len(found)
        if len(words) > MAX_WORDS:
            break
    boxes = straight_boxes([word.box for word in words], view.skew_degrees)
    solid = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
    texts = [word.text for word, seen in zip(words, solid.tolist(), strict=True) if seen]
    return Words(texts, np.array(lines, np.int64)[solid], boxes[solid])
