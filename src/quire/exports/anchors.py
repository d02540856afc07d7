"""Which words of a page's blocks lead somewhere: links are areas, and running text has lost its places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.document import Line, Page
from quire.exports.markup import markup
from quire.exports.placed import words_of
from quire.geometry import Box, bounds

_MOST_LINKS: Final = 500
_SAFE: Final = re.compile(r"(?:https?://|mailto:)[\x21-\x7e\xa0-\ud7ff]+", re.IGNORECASE)

Anchors = dict[int, list[tuple[str, str]]]
"""By index of a line: words on it, as text, and the address that they lead to."""


def anchors(page: Page) -> Anchors:
    """Words under the page's links, line by line; the first 500 links count, and only safe addresses."""
    links = [link for link in page.links[:_MOST_LINKS] if _SAFE.fullmatch(link.url)]
    if not links or not page.lines:
        return {}
    boxes = np.array([bounds([line.box]) for line in page.lines])
    found: Anchors = {}
    for link in links:
        area = bounds([link.box])
        for index in _touched(boxes, area):
            text = _under(page.lines[index], area)
            if text:
                found.setdefault(index, []).append((text, link.url))
    return found


def linked(text: str, found: list[tuple[str, str]]) -> str:
    """The text as HTML, each of the words found as a link where they stand first."""
    parts: list[str] = []
    at = 0
    for words, url in found:
        start = text.find(words, at)
        if start >= 0:
            parts += [markup(text[at:start]), f'<a href="{markup(url)}" rel="nofollow">{markup(words)}</a>']
            at = start + len(words)
    return "".join([*parts, markup(text[at:])])


def _touched(boxes: NDArray[np.float64], area: Box) -> Iterator[int]:
    across = np.minimum(boxes[:, 2], area.x1) > np.maximum(boxes[:, 0], area.x0)
    down = np.minimum(boxes[:, 3], area.y1) > np.maximum(boxes[:, 1], area.y0)
    return iter(np.flatnonzero(across & down).tolist())


def _under(line: Line, area: Box) -> str:
    """The first run of the line's words that lie in the area for the most part."""
    inside = ((word.text, _lies_in(bounds([word.box]), area)) for word in words_of(line))
    runs = (" ".join(text for text, _ in run) for lies, run in groupby(inside, key=lambda entry: entry[1]) if lies)
    return next(runs, "")


def _lies_in(box: Box, area: Box) -> bool:
    return box.area > 0 and box.intersection(area) > 0.5 * box.area
