"""The text of an analysed document as one string, and spans of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import accumulate
from typing import Final, Literal

import regex

from quire.document.escaping import clean, escape_markdown

IndexType = Literal["textElements", "unicodeCodePoint", "utf16CodeUnit"]

_CLUSTER: Final = regex.compile(r"\X")
_AHEAD: Final = 1000
"""Characters in which the next part of a line is looked for."""


class Content:
    """The string as it grows.

    Spans are JSON already, `{"offset", "length"}`, in code points until `count_in` says otherwise.
    """

    def __init__(self) -> None:
        self.length = 0
        self._parts: list[str] = []
        self._spans: list[dict[str, int]] = []

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def add(self, text: str) -> None:
        self._parts.append(text)
        self.length += len(text)

    def span(self, start: int, end: int) -> dict[str, int]:
        """From one length that the string had to another."""
        span = {"offset": start, "length": end - start}
        self._spans.append(span)
        return span

    def count_in(self, unit: IndexType) -> None:
        """Counts all spans anew; what begins or ends within a unit, as between letter and accent, begins with it."""
        if unit == "unicodeCodePoint":
            return
        places = _places(self.text, unit)
        for span in self._spans:
            start = places[span["offset"]]
            span["length"] = places[span["offset"] + span["length"]] - start
            span["offset"] = start


def _places(text: str, unit: IndexType) -> list[int]:
    """How many units begin before each code point, and before the end."""
    if unit == "utf16CodeUnit":
        return [0, *accumulate(2 if char > "\uffff" else 1 for char in text)]
    clusters = _CLUSTER.findall(text)
    return [*(count for count, cluster in enumerate(clusters) for _ in cluster), len(clusters)]


class Written:
    """A piece of text in the content, which may be longer there: its characters were escaped."""

    def __init__(self, content: Content, text: str, escaped: Sequence[str]) -> None:
        """Adds it.

        Args:
            escaped: what is written for each character of the text.
        """
        self._text = text
        self._content = content
        self._places = [*accumulate(map(len, escaped), initial=content.length)]
        self._seen = 0
        content.add("".join(escaped))

    @property
    def start(self) -> int:
        return self._places[0]

    @property
    def end(self) -> int:
        return self._places[-1]

    def find(self, part: str) -> dict[str, int] | None:
        """The span of a part of the text, behind those that were found before; None where it is not."""
        found = self._text.find(part, self._seen, self._seen + len(part) + _AHEAD)
        if found < 0 or not part:
            return None
        self._seen = found + len(part)
        return self._content.span(self._places[found], self._places[self._seen])


def as_text(line: str) -> Sequence[str]:
    """Each character as it is; nothing for a control character."""
    return line if clean(line) == line else [clean(char) for char in line]


def as_html(line: str) -> Sequence[str]:
    """Each character as HTML shows it, in comments and attributes too."""
    return [*map(escape, as_text(line))]


def as_markdown(line: str) -> Sequence[str]:
    """Each character as Markdown shows it, which may need a backslash; nothing for space around the line."""
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
