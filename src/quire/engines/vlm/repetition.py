"""Tells when a model has begun to say the same thing over and over.

Pages repeat themselves as well: dotted leaders, rows of empty cells, columns of zeros. So how much must be repeated
depends on what it is.
"""

from __future__ import annotations

import re
import zlib
from typing import Final

_LOOK: Final = 24
"""Letters between two looks."""

_SEEN: Final = 6000
"""Letters that a look goes back; so the longest period that is found has 1200."""

_GRAMS: Final = (12, 64, 256)
"""Lengths of the endings by which an earlier place is recognised; longer ones where a period repeats within itself."""

_LEAST_REPEATS: Final = 6
_LONG_PERIOD: Final = 100
_LEAST_LONG_REPEATS: Final = 5
_LEAST_WORDY: Final = 160
_LEAST_LETTERS: Final = 2400
_LEAST_SILENCE: Final = 64

_LINE: Final = 120
"""Letters without a break: more than most lines of a page have."""

_SQUEEZED: Final = 0.3
_MOST_KINDS: Final = 24

_PARTING: Final = re.compile(r"[\n<>|&\\]")
_MARKUP: Final = re.compile(r"<[^<>]*>|&\w{2,8};|\\[A-Za-z]+")
# Brackets and quotes count as words: no page leads the eye with them, but broken JSON ends in them.
_WORDY: Final = re.compile(r"""[^\W_]|["'(){}\[\]]""")
_LETTERS: Final = re.compile(r"""[^\W\d_]|["'(){}\[\]]""")


class LoopWatch:
    """Follows an answer as it grows, at a cost that does not depend on what was said before."""

    def __init__(self) -> None:
        self._seen = ""
        self._dropped = 0
        self._unlooked = 0
        self._silent = 0

    def add(self, piece: str, tokens: int = 1) -> int | None:
        """Takes the next piece.

        Args:
            piece: empty for tokens without letters.
            tokens: it was made of.

        Returns:
            Once the text is in a loop, how many of its letters are worth keeping: with what is repeated once.
        """
        self._silent = 0 if piece else self._silent + tokens
        text = self._seen + piece
        self._seen = text[-_SEEN:]
        self._dropped += len(text) - len(self._seen)
        self._unlooked += len(piece)
        if self._silent >= _LEAST_SILENCE:
            return self._dropped + len(self._seen)
        if self._unlooked < _LOOK:
            return None
        self._unlooked = 0
        start = _repeats_from(self._seen)
        return None if start is None else self._dropped + start


def without_loop(text: str) -> tuple[str, bool]:
    """The text up to the end of the first of what is repeated, and whether it looped at all."""
    watch = LoopWatch()
    for place in range(0, len(text), _LOOK):
        if (start := watch.add(text[place : place + _LOOK])) is not None:
            return text[:start], True
    return text, False


def _repeats_from(text: str) -> int | None:
    """Where the first of what the text's end repeats is over; None where that is no loop."""
    for period in _periods(text):
        run = _common(text[:-period][::-1], text[::-1])
        if _is_loop(text[-run - period :], period):
            return len(text) - run
    return max(0, len(text) - _LINE) if _is_worn(text[-_LINE:]) else None


def _periods(text: str) -> set[int]:
    """How far back the text's ending was last said."""
    found = {gram: text.rfind(text[-gram:], 0, len(text) - 1) for gram in _GRAMS if gram < len(text)}
    return {len(text) - gram - place for gram, place in found.items() if place >= 0}


def _common(one: str, other: str) -> int:
    """Letters in which two texts begin alike, by bisection: comparing is quick, a loop in Python is not."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _is_loop(said: str, period: int) -> bool:
    """Whether a text of one period, repeated, is more than a page would say.

    What is parted into lines or cells may be a column of numbers: there, digits count no more than marks.
    """
    if len(said) < period * (_LEAST_LONG_REPEATS if period >= _LONG_PERIOD else _LEAST_REPEATS):
        return False
    counted = _LETTERS if _PARTING.search(said[-period:]) else _WORDY
    return len(said) >= _LEAST_LETTERS or len(counted.findall(_MARKUP.sub("", said))) >= _LEAST_WORDY


def _is_worn(line: str) -> bool:
    """Whether an ending without a break, longer than a page's lines, consists of few words said in changing order."""
    if len(line) < _LINE or len(set(line)) > _MOST_KINDS or _PARTING.search(line):
        return False
    wordy = len(_WORDY.findall(line)) >= _LINE / 3
    return wordy and len(zlib.compress(line.encode())) <= _LINE * _SQUEEZED
