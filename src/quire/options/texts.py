"""Options that are a text with a form of its own: an area, a regular expression."""

from __future__ import annotations

import re
from math import prod
from typing import Final

import regex

from quire.geometry import Box

_AREA: Final = re.compile(r"\s*,\s*".join([r"([0-9]{1,6}(?:\.[0-9]{1,3})?)"] * 4))
_BRACES: Final = re.compile(r"\{[^{}]*\}")
_MOST_REPEATED: Final = 10_000


def box_of(area: str) -> Box | None:
    """The box that "x0,y0,x1,y1" names; None where it names none."""
    found = _AREA.fullmatch(area.strip())
    if found is None:
        return None
    x0, y0, x1, y1 = map(float, found.groups())
    return Box(x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def check_expression(pattern: str) -> None:
    """Refuses what is no regular expression, or takes too long to become one.

    Raises:
        ValueError: it is such a one; the message names the remedy.
    """
    # Compiling takes as long as the counts multiplied: nested ones would never end, and cannot be stopped.
    counts = [max(map(int, re.findall(r"\d+", braces)), default=1) for braces in _BRACES.findall(pattern)]
    if prod(max(1, count) for count in counts) > _MOST_REPEATED:
        raise ValueError(f"option 'find': repeats in braces may multiply to {_MOST_REPEATED} at most: use * or +")
    try:
        regex.compile(pattern)
    except regex.error as exc:
        where = "" if exc.pos is None else f" at character {exc.pos + 1}"
        raise ValueError(f"option 'find': this is no regular expression{where}: correct it") from exc
