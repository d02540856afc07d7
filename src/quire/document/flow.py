"""Running text out of lines: breaks that only the margin made are undone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_SOFT_HYPHEN: Final = "\u00ad"
_SPLIT: Final = re.compile(r"[^\W\d_][-\u2010\u00ac]$")
DENSE: Final = r"[\u2e80-\u2fdf\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]"
"""A letter that has no spaces around it, as an expression: Han, Kana and their punctuation."""

_ENDS_DENSE: Final = re.compile(DENSE + "$")
_STARTS_DENSE: Final = re.compile("^" + DENSE)


def joined(first: str, second: str) -> str:
    """Two lines as one: a word that was split is whole again, Han and Kana run on without a space."""
    if not first or not second:
        return first or second
    if first.endswith(_SOFT_HYPHEN) or (_SPLIT.search(first) and second[0].islower()):
        return first[:-1] + second
    if _ENDS_DENSE.search(first) and _STARTS_DENSE.search(second):
        return first + second
    # A hyphen between a word and a capital or a figure belongs there, as a dash with spaces does.
    return first + second if first[-1] == "-" and first[-2:-1].strip() else f"{first} {second}"


def run_on(lines: Iterable[str]) -> str:
    """All lines as one."""
    text = ""
    for line in lines:
        text = joined(text, line.strip())
    return text
