"""Text of a block out of its lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

from quire.document import Direction
from quire.document.flow import run_on

_LONG_LINE: Final = 40
_FULL: Final = 0.6
_SAMPLE: Final = 400


def flowing(lines: Sequence[str]) -> str:
    """The lines as they read on: joined where only a margin can have broken them, all but the last being long."""
    longest = max(map(len, lines), default=0)
    if len(lines) > 1 and longest >= _LONG_LINE and min(map(len, lines[:-1])) >= _FULL * longest:
        return run_on(lines)
    return "\n".join(lines)


def direction_of(text: str) -> Direction:
    """Which way most letters of the beginning run."""
    sides = [unicodedata.bidirectional(character) for character in text[:_SAMPLE]]
    return "rtl" if sum(side in ("R", "AL") for side in sides) > sides.count("L") else "ltr"
