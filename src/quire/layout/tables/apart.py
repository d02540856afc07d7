"""Tables side by side: level rules that end where others begin part them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

from quire.layout.tables.sheet import Stroke, Token

_LONG: Final = 12.0
_NARROW: Final = 0.8
_WIDE: Final = 6.0
_SAME_HEIGHT: Final = 0.5
_CLEAR: Final = 4.0
"""Rules over groups of columns, which leave gaps too, have a rule over all of the table nearer than this."""
_ABOVE: Final = 3.0
_BOOKTABS: Final = 3
"""Rules of a table that has one above, one below and one under its header."""
_MAX_RULES: Final = 40


class Parting(NamedTuple):
    """An upright strip of the page, at `x` from `y0` to `y1`, that no table reaches across; pixels."""

    x: float
    y0: float
    y1: float


def partings(level: Sequence[Stroke], unit: float) -> tuple[Parting, ...]:
    """Strips between rules of neighbours, which differ in height.

    Args:
        level: the longest first.
    """
    long = [stroke for stroke in level[:_MAX_RULES] if stroke.end - stroke.start >= _LONG * unit]
    return tuple(_between(long, unit))


def _between(long: Sequence[Stroke], unit: float) -> Iterator[Parting]:
    for left, right in product(long, long):
        width, x = right.start - left.end, (left.end + right.start) / 2
        if not _NARROW * unit <= width <= _WIDE * unit or abs(left.at - right.at) < _SAME_HEIGHT * unit:
            continue
        across = [stroke.at for stroke in long if stroke.start < x < stroke.end]
        high, low = min(left.at, right.at), max(left.at, right.at)
        if not any(high - _CLEAR * unit < at < low + _CLEAR * unit for at in across):
            ceiling = max((at for at in across if at < high), default=0.0)
            floor = min((at for at in across if at > low), default=float("inf"))
            yield Parting(x, max(ceiling, high - _ABOVE * unit), floor)


def between_equals(tokens: Sequence[Token], level: Sequence[Stroke], unit: float) -> list[Token]:
    """Words between the first and last of the rules that begin and end alike; none where fewer than three do."""
    top, bottom = min(t.y0 for t in tokens) - 2 * unit, max(t.y1 for t in tokens) + 2 * unit
    long = [s for s in level[:_MAX_RULES] if top < s.at < bottom and s.end - s.start >= _LONG * unit]
    alike = [[b for b in long if abs(a.start - b.start) < unit and abs(a.end - b.end) < unit] for a in long]
    best = max(alike, key=len, default=[])
    if len(best) < _BOOKTABS:
        return []
    y0, y1 = min(s.at for s in best), max(s.at for s in best)
    x0, x1 = min(s.start for s in best) - unit, max(s.end for s in best) + unit
    return [t for t in tokens if y0 < t.y < y1 and x0 < t.x < x1]
