"""Pieces of text as they are written into the content: as they are, as HTML or as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import accumulate
from typing import Final

from quire.api.adapters.azure.content import Content, Span
from quire.document.escaping import clean, escape_markdown

_AHEAD: Final = 1000
"""Characters in which the next part of a line is looked for."""


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
