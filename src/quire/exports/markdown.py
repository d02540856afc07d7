"""Document → Markdown. What the document says stays text: it can make neither Markdown nor HTML.

Escaping follows CommonMark and GitHub's tables and strikethrough. Bare addresses are left alone: where a
viewer links them, the link goes where it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from quire.document import Block, Document, Page
from quire.exports.text import clean

_INLINE: Final = re.compile(r"[\\`*_\[\]<~|]|&(?=#?\w+;)")
_LINE_START: Final = re.compile(r"^(?:([#>+=:-])|(\d{1,9})([.)])(?=\s|$))")
_CLOSING_HASHES: Final = re.compile(r"#(?=#*$)")
_BULLET: Final = re.compile(r"^[•◦▪●○■□‣⁃∙·*–—-]\s+")
_NUMBER: Final = re.compile(r"^(\d{1,9})([.)])\s+")


def to_markdown(document: Document) -> str:
    """All pages, an empty line between them, each under its marker `<!-- page N -->`."""
    return "\n\n".join(_marked(page) for page in document.pages) + "\n"


def _marked(page: Page) -> str:
    return f"<!-- page {page.number} -->\n\n{page_markdown(page)}".rstrip()


def page_markdown(page: Page) -> str:
    """Blocks of one page in reading order, an empty line between them."""
    return "\n\n".join(filter(None, map(_block, page.blocks)))


def escape(line: str) -> str:
    """One line of text, stripped, so that Markdown shows exactly its characters."""
    inline = _INLINE.sub(r"\\\g<0>", line.strip())
    return _LINE_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", inline)


def _block(block: Block) -> str:
    return _WRITERS.get(block.kind, _paragraph)(block)


def _title(block: Block) -> str:
    return _heading_line(1, block)


def _heading(block: Block) -> str:
    return _heading_line(1 + (block.level or 1), block)


def _heading_line(level: int, block: Block) -> str:
    text = escape(" ".join(_lines(block)))
    return f"{'#' * level} {_CLOSING_HASHES.sub(chr(92) + '#', text)}" if text else ""


def _paragraph(block: Block) -> str:
    return "\n".join(map(escape, _lines(block)))


def _list(block: Block) -> str:
    """One item for each line that starts with a bullet or a number; other lines go on with the item above."""
    rows: list[str] = []
    indent = ""
    for line in _lines(block):
        if number := _NUMBER.match(line):
            marker = f"{number[1]}{number[2]} "
            rows.append(marker + escape(line[number.end() :]))
        elif (bullet := _BULLET.match(line)) or not rows:
            marker = "- "
            rows.append(marker + escape(line[bullet.end() if bullet else 0 :]))
        else:
            rows.append(indent + escape(line))
            continue
        indent = " " * len(marker)
    return "\n".join(rows)


def _lines(block: Block) -> Iterator[str]:
    return (line.strip() for line in clean(block.text).splitlines() if line.strip())


_WRITERS: Final[dict[str, Callable[[Block], str]]] = {"title": _title, "heading": _heading, "list": _list}
