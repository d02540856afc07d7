"""Lists in Markdown, with bullets and numbers as they are printed, too."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from quire.engines.vlm.parsing.inline import plain
from quire.engines.vlm.parsing.pieces import Item, Piece

_ITEM: Final = re.compile(
    r"([ \t]*)"
    r"(?:(?P<bullet>[-*+–](?=[ \t])|[•◦▪■●○‣])"
    r"|(?P<count>\d{1,3}[.)](?=[ \t])|\((?:\d{1,3}|[a-z]|[ivx]{2,5})\)|[a-z]\)))"
    r"[ \t]*(?P<text>\S.*)"
)
_FIRST: Final = frozenset({"1.", "1)", "(1)", "a)", "(a)", "(i)"})
_MARKDOWN_BULLETS: Final = frozenset("-*+")
_MAX_LEVELS: Final = 6
_TAB: Final = 4


def is_item(line: str, *, interrupts: bool) -> bool:
    """Whether an item begins here.

    Args:
        interrupts: whether it would end a paragraph: a number that counts on is part of the sentence then.
    """
    found = _ITEM.match(line)
    return found is not None and not (interrupts and found["count"] and found["count"] not in _FIRST)


def list_piece(lines: Sequence[str], at: int, starts: Callable[[int], bool]) -> tuple[Piece, int]:
    """The list that begins at `at`, and the index of the line after it.

    Args:
        starts: whether a block of another kind starts at a line.
    """
    gathered = _Gathered()
    parted = False
    while at < len(lines):
        line = lines[at]
        found = _ITEM.match(line)
        if found and gathered.fits(found):
            gathered.add(found)
        elif line.strip() and not found and (_is_set_in(line) or not parted) and not starts(at):
            gathered.extend(line)
        elif line.strip() or parted:
            break
        parted = not line.strip()
        at += 1
    return gathered.piece(), at


def _is_set_in(line: str) -> bool:
    return line.startswith(("  ", "\t"))


class _Gathered:
    """Items so far."""

    def __init__(self) -> None:
        self._items: list[tuple[re.Match[str], int, list[str]]] = []
        self._indents: list[int] = []

    def fits(self, found: re.Match[str]) -> bool:
        """Whether the item may belong to this list: at its outermost level, markers are of one sort."""
        if not self._items or len(found[1].expandtabs(_TAB)) >= self._indents[0] + 2:
            return True
        return bool(found["bullet"]) == bool(self._items[0][0]["bullet"])

    def add(self, found: re.Match[str]) -> None:
        indent = len(found[1].expandtabs(_TAB))
        while self._indents and self._indents[-1] > indent - 2 and self._indents[-1] != indent:
            self._indents.pop()
        if (not self._indents or indent > self._indents[-1]) and len(self._indents) < _MAX_LEVELS:
            self._indents.append(indent)
        self._items.append((found, len(self._indents), [found["text"]]))

    def extend(self, line: str) -> None:
        self._items[-1][2].append(line.strip())

    def piece(self) -> Piece:
        items = tuple(_item(found, level, texts) for found, level, texts in self._items)
        return Piece("list", "\n".join(f"{item.marker} {item.text}" for item in items), items=items)


def _item(found: re.Match[str], level: int, texts: Sequence[str]) -> Item:
    bullet = found["bullet"]
    marker = found["count"] or ("•" if bullet in _MARKDOWN_BULLETS else bullet)
    return Item(plain("\n".join(texts)), level, marker, ordered=not bullet)
