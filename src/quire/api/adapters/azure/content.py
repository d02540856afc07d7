"""The text of an analysed document as one string, and spans of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import accumulate
from typing import Final, Literal

import msgspec
import regex

from quire.document.escaping import clean, escape_markdown

IndexType = Literal["textElements", "unicodeCodePoint", "utf16CodeUnit"]

_CLUSTER: Final = regex.compile(r"\X")
_JOINING: Final = regex.compile(r"[^\p{GCB=Other}\p{GCB=Control}\p{GCB=LF}\p{GCB=LV}\p{GCB=LVT}]")
"""Without one of these, every character is a cluster (UAX #29)."""
_UTF16_BYTES: Final = 2
_AHEAD: Final = 1000
"""Characters in which the next part of a line is looked for."""


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


class Written:
    """A piece of text in the content, which may be longer there: its characters were escaped."""

    def __init__(self, content: Content, text: str, escaped: Sequence[str]) -> None:
        """Adds it.

        Args:
            escaped: what is written for each character of the text.
        """
        self._start = content.length
        self._text = text
        self._content = content
        self._seen = 0
        content.add("".join(escaped))
        self._length = content.length - self._start
        # Most texts are written as they are.
        self._places = None if escaped is text else [*accumulate(map(len, escaped), initial=self._start)]

    def whole(self) -> Span:
        """The span of all of the text."""
        return self._content.span(self._start, self._length)

    def find(self, parts: Sequence[str]) -> Sequence[Span | None]:
        """The span of each part of the text, one behind the other; None where it is not."""
        spans = self._spaced(parts) or [*map(self._found, parts)]
        self._content.count(filter(None, spans))
        return spans

    def _spaced(self, parts: Sequence[str]) -> Sequence[Span | None]:
        """The same at once for parts that with a space between them are the text, as words mostly are; else none."""
        lengths = [*map(len, parts)]
        if self._seen or self._places is not None or not all(lengths) or " ".join(parts) != self._text:
            return ()
        self._seen = len(self._text)
        return [*map(Span, accumulate((length + 1 for length in lengths), initial=self._start), lengths)]

    def _found(self, part: str) -> Span | None:
        found = self._text.find(part, self._seen, self._seen + len(part) + _AHEAD)
        if found < 0 or not part:
            return None
        self._seen = end = found + len(part)
        if self._places is None:
            return Span(self._start + found, len(part))
        return Span(self._places[found], self._places[end] - self._places[found])


def as_text(line: str) -> Sequence[str]:
    """Each character as it is; nothing for a control character."""
    return line if clean(line) == line else [clean(char) for char in line]


def as_html(line: str) -> Sequence[str]:
    """Each character as HTML shows it, in comments and attributes too."""
    return line if escape(clean(line)) == line else [*map(escape, as_text(line))]


def as_markdown(line: str) -> Sequence[str]:
    """Each character as Markdown shows it, which may need a backslash; nothing for space around the line."""
    if escape_markdown(clean(line)) == line:
        return line
    chars = as_text(line)
    inside = [place for place, char in enumerate(chars) if char.strip()]
    if not inside:
        return [""] * len(chars)
    written = iter(escape_markdown("".join(chars)))
    body = [_next(written) if char else "" for char in chars[inside[0] : inside[-1] + 1]]
    return [""] * inside[0] + body + [""] * (len(chars) - inside[-1] - 1)


def _next(written: Iterator[str]) -> str:
    char = next(written)
    # A backslash is there for the next character, be it one itself.
    return char + next(written) if char == "\\" else char
