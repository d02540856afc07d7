"""The two readings of a page as words and atoms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from quire.document import Block, Line, Word
from quire.geometry import Point, Quad
from quire.grounding.atoms import Atom, atoms

_FORMULA: Final = re.compile(r"\$[^$]{0,300}[\\^_{][^$]{0,300}\$|\\\([^$]{1,300}?\\\)|\\\[[^$]{1,300}?\\\]")
_UNJUDGED: Final = frozenset({"formula"})


class SaidWord(NamedTuple):
    """A word of the text in question; `judged` unless it is part of a formula, which line readers cannot read."""

    text: str
    line: int
    judged: bool


class SeenWord(NamedTuple):
    """A word of the reading that bears it out."""

    word: Word
    line: int


@dataclass(frozen=True, slots=True)
class Said:
    """The text in question: its words in reading order, and what of them is compared."""

    words: tuple[SaidWord, ...]
    atoms: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """The reading that bears it out."""

    words: tuple[SeenWord, ...]
    atoms: tuple[Atom, ...]


def said_of(lines: Sequence[Line], blocks: Sequence[Block]) -> Said:
    """Words of the lines in their order; those of formula blocks are not judged."""
    skipped = {index for block in blocks if block.kind in _UNJUDGED for index in block.lines}
    words = [
        SaidWord(text, number, judged and number not in skipped)
        for number, line in enumerate(lines)
        for text, judged in _words(line.text)
    ]
    return Said(tuple(words), tuple(a for number, word in enumerate(words) for a in atoms(word.text, number)))


def seen_of(lines: Sequence[Line]) -> Seen:
    """Words of the lines in their order; a line without words is cut by its letters' count."""
    words = [SeenWord(word, number) for number, line in enumerate(lines) for word in line.words or _cut(line)]
    return Seen(tuple(words), tuple(a for number, seen in enumerate(words) for a in atoms(seen.word.text, number)))


def part(quad: Quad, start: float, end: float) -> Quad:
    """The part of a quad between two shares of its length, 0 to 1; to a tenth of a pixel."""
    (tl, tr, br, bl) = quad
    return (_between(tl, tr, start), _between(tl, tr, end), _between(bl, br, end), _between(bl, br, start))


def _between(first: Point, second: Point, share: float) -> Point:
    return (
        round(first[0] + share * (second[0] - first[0]), 1),
        round(first[1] + share * (second[1] - first[1]), 1),
    )


def _words(text: str) -> list[tuple[str, bool]]:
    found = [match.span() for match in _FORMULA.finditer(text)] if "$" in text or "\\" in text else []
    edges = [0, *(edge for span in found for edge in span), len(text)]
    return [
        (word, not place % 2) for place, (start, end) in enumerate(pairwise(edges)) for word in text[start:end].split()
    ]


def _cut(line: Line) -> list[Word]:
    length = max(1, len(line.text))
    return [
        Word(match.group(), part(line.box, match.start() / length, match.end() / length), line.confidence)
        for match in re.finditer(r"\S+", line.text)
    ]
