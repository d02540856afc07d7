"""Letters as a search compares them: without case, spaces, line breaks and the variety of quotes and dashes."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from quire.document import Line

_ALIKE: Final = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "\u00ad": None,
    }
)
_HYPHENS: Final = "-\u2010\u00ac\u00ad"


class Folded(NamedTuple):
    """A page's letters one after the other, and where each stands: (line, letter of its text)."""

    text: str
    places: tuple[tuple[int, int], ...]


def folded(lines: Sequence[Line], *, mended: bool) -> Folded:
    """The letters of all lines.

    Args:
        mended: leave out hyphens at the ends of lines, which part a word.
    """
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for row, line in enumerate(lines):
        end = _end(line.text) if mended and row + 1 < len(lines) else len(line.text)
        for column, char in enumerate(line.text[:end]):
            for letter in _fold(char):
                letters.append(letter)
                places.append((row, column))
    return Folded("".join(letters), tuple(places))


def needle_of(text: str) -> str:
    """The text to look for, its letters as those of a page are compared."""
    return "".join(map(_fold, text))


def _end(text: str) -> int:
    """How much of a line there is without a hyphen behind a letter at its end."""
    stripped = text.rstrip()
    parts = len(stripped) > 1 and stripped[-1] in _HYPHENS and stripped[-2].isalpha()
    return len(stripped) - 1 if parts else len(text)


@lru_cache(maxsize=20_000)
def _fold(char: str) -> str:
    """One character: none for spaces, several for a ligature."""
    plain = unicodedata.normalize("NFKC", char.translate(_ALIKE)).casefold()
    return "".join(letter for letter in plain if not letter.isspace())
