"""Lines and words of a page, with where they stand in the content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from quire.api.adapters.azure.content import Content, Written
from quire.api.adapters.azure.place import Json, Place
from quire.geometry import Box, bounds, to_quad


class PageLines:
    """Gathers the lines of a page while its blocks are written.

    Attributes:
        words: in the order in which they were written.
    """

    def __init__(self, content: Content, page: Mapping[str, Any], place: Place) -> None:
        self._content = content
        self._lines = page["lines"]
        self._place = place
        self._found: dict[int, Json] = {}
        self.words: list[Json] = []

    @property
    def found(self) -> list[Json]:
        """The lines, in reading order."""
        return [self._found[index] for index in sorted(self._found)]

    def text(self, index: int) -> str:
        text: str = self._lines[index]["text"]
        return text

    def add(self, index: int, written: Written) -> None:
        """A line that was written as a whole."""
        self._add(index, [self._content.span(written.start, written.end)])
        for word in self._lines[index]["words"]:
            self._add_word(word, written)

    def add_within(self, index: int, cells: Sequence[tuple[Box, Written]]) -> None:
        """A line whose words stand in cells of a table; a word that is in none has no place in the content."""
        line = self._lines[index]
        around = bounds([to_quad(line["box"])])
        near = [(box, written) for box, written in cells if box.intersection(around) > 0]
        spans = [
            self._add_word(word, written) for word in line["words"] for box, written in near if _holds(box, word["box"])
        ]
        self._add(index, [span for span in spans if span is not None])

    def _add(self, index: int, spans: Sequence[Json]) -> None:
        line = self._lines[index]
        self._found[index] = {"content": line["text"], "polygon": self._place.polygon(line["box"]), "spans": spans}

    def _add_word(self, word: Mapping[str, Any], written: Written) -> Json | None:
        span = written.find(word["text"])
        if span is not None:
            self.words.append(
                {
                    "content": word["text"],
                    "polygon": self._place.polygon(word["box"]),
                    "confidence": word["confidence"],
                    "span": span,
                }
            )
        return span


def _holds(box: Box, quad: Sequence[Sequence[float]]) -> bool:
    """Whether the middle of the quad is in the box."""
    x0, y0, x1, y1 = bounds([to_quad(quad)])
    return box.x0 <= (x0 + x1) / 2 < box.x1 and box.y0 <= (y0 + y1) / 2 < box.y1
