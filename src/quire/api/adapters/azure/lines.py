"""Lines and words of a page, with where they stand in the content."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

import msgspec

from quire.api.adapters.azure.content import Span
from quire.api.adapters.azure.place import Json, Place, Polygon
from quire.api.adapters.azure.written import Written
from quire.api.adapters.lean import LeanPage, Line
from quire.geometry import Box, Quad, bounds

_QUAD: Final = msgspec.json.Decoder(Quad)


class FoundWord(msgspec.Struct, gc=False):
    """A word of the answer."""

    content: str
    polygon: Polygon
    confidence: float
    span: Span


class PageLines:
    """Gathers the lines of a page while its blocks are written.

    Attributes:
        words: in the order in which they were written.
    """

    def __init__(self, page: LeanPage, place: Place) -> None:
        self._lines = page.lines
        self._place = place
        polygons = iter(place.polygons([word.box for line in page.lines for word in line.words]))
        self._polygons = [[*islice(polygons, len(line.words))] for line in page.lines]
        self._found: dict[int, Json] = {}
        self.words: list[FoundWord] = []

    @property
    def found(self) -> list[Json]:
        """The lines, in reading order."""
        return [self._found[index] for index in sorted(self._found)]

    def text(self, index: int) -> str:
        return self._lines[index].text

    def add(self, index: int, written: Written) -> None:
        """A line that was written as a whole."""
        line = self._lines[index]
        self._add(index, line, [written.whole()])
        spans = written.find([word.text for word in line.words])
        self.words += [
            FoundWord(word.text, polygon, word.confidence, span)
            for word, polygon, span in zip(line.words, self._polygons[index], spans, strict=True)
            if span
        ]

    def add_within(self, index: int, cells: Sequence[tuple[Box, Written]]) -> None:
        """A line whose words stand in cells of a table; a word that is in none has no place in the content."""
        line = self._lines[index]
        x0, y0, x1, y1 = bounds([line.box])
        near = [one for one in cells if one[0].x0 < x1 and x0 < one[0].x1 and one[0].y0 < y1 and y0 < one[0].y1]
        spans = []
        for word, polygon in zip(line.words, self._polygons[index], strict=True):
            x, y = _middle(_QUAD.decode(word.box))
            for box, written in near:
                if box.x0 <= x < box.x1 and box.y0 <= y < box.y1 and (span := written.find([word.text])[0]):
                    spans.append(span)
                    self.words.append(FoundWord(word.text, polygon, word.confidence, span))
        self._add(index, line, spans)

    def _add(self, index: int, line: Line, spans: Sequence[Span]) -> None:
        self._found[index] = {"content": line.text, "polygon": self._place.polygon(line.box), "spans": spans}


def _middle(quad: Quad) -> tuple[float, float]:
    x0, y0, x1, y1 = bounds([quad])
    return (x0 + x1) / 2, (y0 + y1) / 2
