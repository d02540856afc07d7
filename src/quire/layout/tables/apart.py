"""Tables side by side: level rules that end where others begin part them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

from quire.layout.tables.sheet import Stroke

_LONG: Final = 12.0
_NARROW: Final = 0.8
_WIDE: Final = 6.0
_SAME_HEIGHT: Final = 0.5
_CLEAR: Final = 4.0
"""Rules over groups of columns, which leave gaps too, have a rule over all of the table nearer than this."""
_ABOVE: Final = 3.0
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
