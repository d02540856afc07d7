"""A page's true text with known lies in it: words put in, taken out and exchanged, lines said over and over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, Literal, NamedTuple

from quire.document import Line, Page
from quire.geometry import Quad

Lie = Literal["insert", "remove", "swap", "digit", "loop"]

LIES: Final[tuple[Lie, ...]] = ("insert", "remove", "swap", "swap", "digit", "remove", "insert", "loop")
_MOST_LOOPS: Final = 6
_NOWHERE: Final[Quad] = ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0))


class ToldWord(NamedTuple):
    """A word as it is said; `box` is where it stands on the page, None for an invented one, which has a `lie`."""

    text: str
    box: Quad | None
    lie: Lie | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A page as an unreliable model tells it.

    Attributes:
        lines: words of each line, in reading order.
        removed: boxes of words that stand on the page and are not said.
        lies: how many there are.
    """

    lines: tuple[tuple[ToldWord, ...], ...]
    removed: tuple[Quad, ...]
    lies: int

    @property
    def said(self) -> tuple[Line, ...]:
        """The lines as a model gives them: without places."""
        return tuple(Line(" ".join(word.text for word in line), _NOWHERE, 0.5) for line in self.lines)


def truly(page: Page) -> Told:
    """A page's text as it is."""
    numbers = [number for block in page.blocks for number in block.lines]
    lines = (tuple(ToldWord(word.text, word.box) for word in page.lines[number].words) for number in numbers)
    return Told(tuple(line for line in lines if line), (), 0)


def perturbed(told: Told, count: int, random: Random, vocabulary: Sequence[str]) -> Told:
    """The page with about `count` lies of all sorts, no two at the same word or beside each other.

    Args:
        vocabulary: words to put in; those of the page itself are put in too, where they do not belong.
    """
    own = [word.text for line in told.lines for word in line if len(word.text) > 2]
    places = [
        (row, at) for row, line in enumerate(told.lines) for at in range(0, len(line), 3) if _is_word(line[at].text)
    ]
    chosen = dict(zip(random.sample(places, min(count, len(places))), _lies(random), strict=False))
    lines: list[tuple[ToldWord, ...]] = []
    removed: list[Quad] = []
    for row, line in enumerate(told.lines):
        words: list[ToldWord] = []
        loops = 0
        for at, word in enumerate(line):
            lie = chosen.get((row, at))
            other = random.choice(own if random.random() < 0.5 else vocabulary)
            words += _told(word, lie, other, random)
            removed += [word.box] if lie in ("remove", "swap", "digit") and word.box else []
            loops += random.randint(1, _MOST_LOOPS) if lie == "loop" else 0
        lines += [tuple(words), *[tuple(ToldWord(word.text, None, "loop") for word in words)] * loops] if words else []
    return Told(tuple(lines), tuple(removed), len(chosen))


def _lies(random: Random) -> Iterator[Lie]:
    while True:
        yield random.choice(LIES)


def _is_word(text: str) -> bool:
    return any(map(str.isalnum, text))


def _told(word: ToldWord, lie: Lie | None, other: str, random: Random) -> list[ToldWord]:
    if lie == "remove":
        return []
    if lie == "insert":
        return [ToldWord(other, None, lie), word]
    if lie == "swap" or (lie == "digit" and not any(map(str.isdigit, word.text))):
        return [ToldWord(_different(word.text, other), None, "swap")]
    if lie == "digit":
        return [ToldWord(_other_digit(word.text, random), None, lie)]
    return [word]


def _different(word: str, other: str) -> str:
    return other if other.casefold() != word.casefold() else other + other


def _other_digit(text: str, random: Random) -> str:
    at = random.choice([place for place, sign in enumerate(text) if sign.isdigit()])
    return f"{text[:at]}{random.choice([digit for digit in '0123456789' if digit != text[at]])}{text[at + 1 :]}"
