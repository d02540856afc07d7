"""Blocks with their lines, and lines with their words, for formats that say where everything is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from quire.document import Block, Line, Page, Word
from quire.geometry import bounds


class Placed(NamedTuple):
    """A block and those of its lines that no block before it had.

    Attributes:
        lines: with their positions among the page's lines.
    """

    block: Block
    lines: tuple[tuple[int, Line], ...]


def placed(page: Page) -> Iterator[Placed]:
    """The page's blocks in reading order; lines that belong to none come last, as a paragraph."""
    left = dict(enumerate(page.lines))
    for block in page.blocks:
        yield Placed(block, tuple((index, left.pop(index)) for index in block.lines if index in left))
    if left:
        rest = tuple(left.items())
        text = "\n".join(line.text for _, line in rest)
        yield Placed(Block("paragraph", bounds(line.box for _, line in rest).quad, text, tuple(left)), rest)


def words_of(line: Line) -> tuple[Word, ...]:
    """The line's words; the whole line as one where words were not asked for."""
    return line.words or (Word(line.text, line.box, line.confidence),)


def right_to_left(text: str) -> bool:
    """Whether most letters of the text are of a script that runs from right to left, as Arabic and Hebrew do."""
    if text.isascii():
        return False
    kinds = [unicodedata.bidirectional(letter) for letter in text]
    return sum(kind in ("R", "AL") for kind in kinds) > sum(kind == "L" for kind in kinds)
