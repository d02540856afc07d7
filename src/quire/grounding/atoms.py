"""Texts as sequences of atoms: what is compared between two readings of a page.

An atom is a run of letters and digits, or one ideograph, in a common form: case, ligatures, quotes and markup do not
count, nor does where a reader put spaces beside punctuation. Points and commas between digits stay, as 12.5 is not 125.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

_CJK: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ATOM: Final = re.compile(rf"[{_CJK}]|\d+(?:[.,]\d+)+(?:(?![{_CJK}])[^\W_])*|(?:(?![{_CJK}])[^\W_])+")
_DROPPED: Final = re.compile(
    r"</?[a-zA-Z][a-zA-Z0-9]{0,20}/?>|\\[a-zA-Z]{1,30}\*?|['\u2018\u2019\u02bc`´\u00ad\u200b-\u200f\u2060\ufeff{}$^]"
)
_MARK: Final = re.compile(r"(?<=\w)[\u0300-\u036f]+")


class Atom(NamedTuple):
    """One atom.

    Attributes:
        key: its common form, never empty.
        word: the word it stands in, counted through the whole reading.
        start, end: the part of that word it takes, 0 to 1, with the punctuation that follows it.
    """

    key: str
    word: int
    start: float
    end: float


def atoms(word: str, number: int) -> Iterator[Atom]:
    """The atoms of one word, none for punctuation alone."""
    for key, start, end in _split(word):
        yield Atom(key, number, start, end)


@lru_cache(maxsize=4096)
def _split(word: str) -> tuple[tuple[str, float, float], ...]:
    plain = word if word.isalnum() and word.isascii() else _DROPPED.sub("", unicodedata.normalize("NFKC", word))
    plain = _MARK.sub("", plain.casefold())
    found = [*_ATOM.finditer(plain)]
    starts = [0, *(match.start() for match in found[1:]), len(plain)]
    return tuple(
        (match.group(), start / len(plain), end / len(plain))
        for match, start, end in zip(found, starts, starts[1:], strict=False)
    )


def is_number(key: str) -> bool:
    """Whether an atom has a digit, so that nothing like it will do."""
    return any(map(str.isdigit, key))
