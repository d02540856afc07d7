"""Items of a list as nested HTML lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from quire.document import ListItem
from quire.exports.markup import markup

_NUMBER: Final = re.compile(r"\(?(\d{1,9})[.)]")
_DEEPEST: Final = 10


def list_html(items: Iterable[ListItem], direction: str, write: Callable[[str, tuple[int, ...]], str]) -> str:
    """Nested `<ol>` and `<ul>`; numbers are kept, other markers that count are part of the text.

    Args:
        direction: attribute of the outermost list, may be empty.
        write: an item's text and lines as HTML.
    """
    parts: list[str] = []
    tags: list[str] = []
    for item in items:
        level = min(item.level, len(tags) + 1, _DEEPEST)
        number = _NUMBER.fullmatch(item.marker) if item.ordered else None
        tag = "ol" if number else "ul"
        while len(tags) > level or (len(tags) == level and tags[-1] != tag):
            parts.append(f"</li></{tags.pop()}>")
        if len(tags) < level:
            parts.append(f"<{tag}{'' if tags else direction}>")
            tags.append(tag)
        else:
            parts.append("</li>")
        value = f' value="{int(number[1])}"' if number else ""
        marker = f"{markup(item.marker)} " if item.ordered and not number else ""
        parts.append(f"<li{value}>{marker}{write(item.text, item.lines)}")
    parts.extend(f"</li></{tag}>" for tag in reversed(tags))
    return "".join(parts)
