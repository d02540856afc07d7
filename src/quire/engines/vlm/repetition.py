"""Tells when a model has begun to say the same thing over and over.

Pages repeat themselves as well: dotted leaders, rules of underscores, rows of empty cells. So a loop must go on for
longer where nothing but marks is repeated than where words are.
"""

from __future__ import annotations

import re
from typing import Final

_GRAM: Final = 12
"""Letters by which an earlier place is recognised."""

_LEAST_REPEATS: Final = 6
_LEAST_LETTERS: Final = 160
_LONG_PERIOD: Final = 100
_LEAST_LONG_REPEATS: Final = 5
_LEAST_MARKS: Final = 1200
_LEAST_SILENCE: Final = 64
_MARKUP: Final = re.compile(r"^[^<>]*>|<[^<>]*(?:>|$)")
_WORDY: Final = re.compile(r"[^\W_]")


class LoopWatch:
    """Follows an answer as it grows. Constant work for each letter, whatever was said before.

    The letters that end the text are looked up: if they were seen before, the distance to their last place is a
    candidate for the period of a loop, and is followed for as long as the text agrees with it.
    """

    def __init__(self) -> None:
        self._text: list[str] = []
        self._tail = ""
        self._last_seen: dict[str, int] = {}
        self._period = 0
        self._run = 0
        self._silent = 0

    @property
    def start(self) -> int:
        """Where what is repeated ends for the first time: letters before it are worth keeping."""
        return len(self._text) - self._run

    def add(self, piece: str) -> bool:
        """Takes the next piece, empty for a token without letters; True once the text is in a loop."""
        if not piece:
            self._silent += 1
            return self._silent >= _LEAST_SILENCE
        self._silent = 0
        for letter in piece:
            self._take(letter)
        return self._loops()

    def _take(self, letter: str) -> None:
        place = len(self._text)
        self._text.append(letter)
        self._tail = (self._tail + letter)[-_GRAM:]
        before = self._last_seen.get(self._tail)
        self._last_seen[self._tail] = place
        if self._period and self._text[place - self._period] == letter:
            self._run += 1
        elif before is not None and len(self._tail) == _GRAM:
            self._period, self._run = place - before, _GRAM
        else:
            self._period = self._run = 0

    def _loops(self) -> bool:
        period, said = self._period, self._run + self._period
        if not period or said < _LEAST_LETTERS:
            return False
        if said < period * (_LEAST_LONG_REPEATS if period >= _LONG_PERIOD else _LEAST_REPEATS):
            return False
        return said >= _LEAST_MARKS or self._has_words()

    def _has_words(self) -> bool:
        repeated = "".join(self._text[-2 * self._period :])
        return _WORDY.search(_MARKUP.sub("", repeated)) is not None


def without_loop(text: str) -> tuple[str, bool]:
    """The text up to the end of the first of what is repeated, and whether it looped at all."""
    watch = LoopWatch()
    for letter in text:
        if watch.add(letter):
            return text[: watch.start], True
    return text, False
