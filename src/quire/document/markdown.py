"""A page as Markdown, block by block."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from quire.document.escaping import clean, escape_markdown
from quire.document.flow import joined

if TYPE_CHECKING:
    from quire.document.blocks import Block, ListItem
    from quire.document.page import Page

MARGINALIA: Final = frozenset({"header", "footer", "page_number"})
"""What is printed on every page, and no part of the text."""

_CLOSING_HASHES: Final = re.compile(r"#(?=#*$)")
_LATEX: Final = re.compile(r"\\[A-Za-z]{2,}|[\^_]\{")
_NO_LATEX: Final = re.compile(r"[$`]|\]\s*[(\[:]")
_ANGLES: Final = {ord("<"): r"\lt ", ord(">"): r"\gt "}
_FENCE: Final = re.compile(r"^`{3,}", re.MULTILINE)


def page_markdown(page: Page) -> str:
    """Blocks in reading order, an empty line between them, without headers, footers and page numbers."""
    return "\n\n".join(filter(None, (_block(block, page) for block in merged(page.blocks))))


def merged(blocks: Iterable[Block]) -> list[Block]:
    """The blocks that belong to the text, each in one piece where it goes on in a later column."""
    result: list[Block] = []
    for block in blocks:
        if block.kind in MARGINALIA:
            continue
        before = _continued(result, block)
        if before is None:
            result.append(block)
        else:
            result[before] = replace(
                result[before],
                text=joined(result[before].text, block.text),
                lines=result[before].lines + block.lines,
                items=joined_items(result[before].items, block.items),
            )
    return result


def _continued(blocks: Sequence[Block], block: Block) -> int | None:
    """Position of the block that this one goes on from; None when it starts by itself, or that is on another page."""
    if not block.continues or block.kind == "table":
        return None
    return next((place for place in reversed(range(len(blocks))) if blocks[place].kind == block.kind), None)


def joined_items(first: tuple[ListItem, ...], second: tuple[ListItem, ...]) -> tuple[ListItem, ...]:
    """The items of both; what comes first in the second without a marker belongs to the item before."""
    if not first or not second or second[0].marker:
        return first + second
    whole = replace(first[-1], text=joined(first[-1].text, second[0].text), lines=first[-1].lines + second[0].lines)
    return (*first[:-1], whole, *second[1:])


def _block(block: Block, page: Page) -> str:
    if block.kind == "table" and block.table is not None:
        return page.tables[block.table].markdown
    if block.kind == "figure" and block.figure is not None:
        return _figure(page.figures[block.figure].id, block)
    return _WRITERS.get(block.kind, _paragraph)(block)


def _figure(name: str, block: Block) -> str:
    return f"![Figure]({name}.png)" + (f"\n\n{_paragraph(block)}" if block.text.strip() else "")


def _title(block: Block) -> str:
    return _heading_line(1, block)


def _heading(block: Block) -> str:
    return _heading_line(1 + (block.level or 1), block)


def _heading_line(depth: int, block: Block) -> str:
    text = escape_markdown(" ".join(_lines(block.text)))
    return f"{'#' * depth} {_CLOSING_HASHES.sub(chr(92) + '#', text)}" if text else ""


def _paragraph(block: Block) -> str:
    """Breaks that were meant end in a backslash, which CommonMark keeps as a break."""
    return "\\\n".join(map(escape_markdown, _lines(block.text)))


def _code(block: Block) -> str:
    longest = max((len(found) for found in _FENCE.findall(block.text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{clean(block.text)}\n{fence}"


def _formula(block: Block) -> str:
    """LaTeX between double dollars, where a viewer shows it; anything else as text. Neither can make HTML."""
    text = " ".join(_lines(block.text)).strip("$ ")
    if not _LATEX.search(text) or _NO_LATEX.search(text):
        return _paragraph(block)
    return f"$$\n{text.translate(_ANGLES)}\n$$"


def _list(block: Block) -> str:
    """One entry for each item, indented under the one it is nested in."""
    rows: list[str] = []
    indents = [""]
    for item in block.items:
        level = min(item.level, len(indents))
        marker = _marker(item)
        indent = indents[level - 1]
        indents[level:] = [indent + " " * len(marker)]
        first, *rest = [*_lines(item.text)] or [""]
        rows.append(f"{indent}{marker}{escape_markdown(first)}".rstrip())
        rows.extend(f"{indents[level]}{escape_markdown(line)}" for line in rest)
    return "\n".join(rows) if block.items else _paragraph(block)


def _marker(item: ListItem) -> str:
    number = re.match(r"(\d{1,9})[.)]$", item.marker)
    if number:
        return f"{item.marker} "
    # Letters and Roman numerals are no markers in Markdown: they stay part of the text.
    return f"- {escape_markdown(item.marker)} " if item.ordered else "- "


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in clean(text).splitlines() if line.strip())


_WRITERS: Final[dict[str, Callable[[Block], str]]] = {
    "title": _title,
    "heading": _heading,
    "list": _list,
    "code": _code,
    "formula": _formula,
}
