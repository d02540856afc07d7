"""A text as words that can be compared and shown: as they are written, and with the space behind them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from quire.bench.scoring.text import IDEOGRAPHS, in_lines

_WORD: Final = re.compile(rf"([{IDEOGRAPHS}]|[^\s{IDEOGRAPHS}]+)(\s*)")


class Written(NamedTuple):
    """One word; each Han or Kana character is one.

    Attributes:
        text: in the form in which texts are compared, with its case.
        key: what is compared.
        space: what stands behind it: nothing, a space, one line end or two.
    """

    text: str
    key: str
    space: str


def written(text: str, *, ignore_case: bool, most: int) -> tuple[Written, ...]:
    """The first words of a text."""
    found = []
    for match in _WORD.finditer(in_lines(text)):
        word, space = match.groups()
        found.append(Written(word, word.casefold() if ignore_case else word, _plain(space)))
        if len(found) == most:
            break
    return tuple(found)


def _plain(space: str) -> str:
    return "\n" * min(2, space.count("\n")) or space[:1]
