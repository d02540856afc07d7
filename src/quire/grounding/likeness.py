"""How alike two words are to a reader that may slip: letters may be taken for others, a digit never for another."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

_LETTER_OF_DIGIT: Final = str.maketrans("015", "ols")
_DIGIT_OF_LETTER: Final = str.maketrans("oqdlijszbg", "0001115286")
_SAME_SHAPE: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("i", "l"), ("j", "l"))
_SEPARATORS: Final = str.maketrans("", "", ".,")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")

_SHAPE_ALIKE: Final = 0.9
_SEPARATOR_ALIKE: Final = 0.8
_LEAST_ALIKE: Final = 0.75
_SHORTEST: Final = 4
_LONGEST: Final = 60


@lru_cache(maxsize=16384)
def likeness(said: str, seen: str) -> float:
    """0 to 1: 1 for the same atoms, 0 where one is no reading of the other.

    Restricted edit distance (optimal string alignment) on letters whose shapes are alike folded into one, at most a
    quarter of the longer atom; three letters or fewer must have the same shape.
    """
    if said == seen:
        return 1.0
    if any(map(str.isdigit, said)) or any(map(str.isdigit, seen)):
        return _numbers(said, seen)
    first, second = _shape(said), _shape(seen)
    if first == second:
        return _SHAPE_ALIKE
    if max(len(said), len(seen)) > _LONGEST or min(len(said), len(seen)) < _SHORTEST:
        return 0.0
    return OSA.normalized_similarity(first, second, score_cutoff=_LEAST_ALIKE)


def _numbers(said: str, seen: str) -> float:
    """A digit bears out itself, and a letter of its shape; separators may differ but must not vanish."""
    if _digits(said) != _digits(seen):
        return 0.0
    if said.replace(",", ".") == seen.replace(",", ".") or _plain(said) == _plain(seen):
        return _SEPARATOR_ALIKE
    # Letters of a digit's shape, with the separators where they should be.
    same = [place for place, sign in enumerate(said) if sign in ".,"] == [
        place for place, sign in enumerate(seen) if sign in ".,"
    ]
    return _SEPARATOR_ALIKE if same else 0.0


def _plain(number: str) -> str:
    """Without the commas between thousands, which not everybody writes."""
    return _THOUSANDS.sub("", number)


def _digits(key: str) -> str:
    return key.translate(_SEPARATORS).translate(_DIGIT_OF_LETTER)


@lru_cache(maxsize=8192)
def _shape(key: str) -> str:
    if not key.isascii():
        key = "".join(c for c in unicodedata.normalize("NFD", key) if not unicodedata.combining(c))
    key = key.translate(_LETTER_OF_DIGIT)
    for drawn, folded in _SAME_SHAPE:
        key = key.replace(drawn, folded)
    return key
