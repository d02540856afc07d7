"""The text of an analysed document as one string, and spans of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Final, Literal

import msgspec
import regex

IndexType = Literal["textElements", "unicodeCodePoint", "utf16CodeUnit"]

_CLUSTER: Final = regex.compile(r"\X")
_JOINING: Final = regex.compile(r"[^\p{GCB=Other}\p{GCB=Control}\p{GCB=LF}\p{GCB=LV}\p{GCB=LVT}]")
"""Without one of these, every character is a cluster (UAX #29)."""
_UTF16_BYTES: Final = 2


class Span(msgspec.Struct, gc=False):
    """A part of the content, in code points until `Content.count_in` says otherwise."""

    offset: int
    length: int


class Content:
    """The string as it grows."""

    def __init__(self) -> None:
        self.length = 0
        self._parts: list[str] = []
        self._spans: list[Span] = []

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def add(self, text: str) -> None:
        self._parts.append(text)
        self.length += len(text)

    def span(self, offset: int, length: int) -> Span:
        span = Span(offset, length)
        self._spans.append(span)
        return span

    def count(self, spans: Iterable[Span]) -> None:
        """Spans for `count_in`."""
        self._spans.extend(spans)

    def since(self, offset: int) -> Span:
        """What was added since the string was so long."""
        return self.span(offset, self.length - offset)

    def count_in(self, unit: IndexType) -> None:
        """Counts all spans anew; what begins or ends within a unit, as between letter and accent, begins with it."""
        places = _places(self.text, unit)
        if places[-1] == self.length:
            return
        for span in self._spans:
            start = places[span.offset]
            span.length = places[span.offset + span.length] - start
            span.offset = start


def _places(text: str, unit: IndexType) -> Sequence[int]:
    """How many units begin before each code point, and before the end."""
    if unit == "utf16CodeUnit" and len(text.encode("utf-16-le")) > _UTF16_BYTES * len(text):
        return [0, *accumulate(2 if char > "\uffff" else 1 for char in text)]
    if unit == "textElements" and _JOINING.search(text):
        clusters = _CLUSTER.findall(text)
        return [*(count for count, cluster in enumerate(clusters) for _ in cluster), len(clusters)]
    return range(len(text) + 1)
