"""So many in a time, as `limits` writes it: "10/second", "100 per 5 minutes"."""

from __future__ import annotations

from typing import Final

from limits import RateLimitItem
from limits.util import parse_many

from quire.errors import InvalidOption

_MAX_WINDOW_S: Final = 366 * 86_400


def parse_amount(text: str) -> RateLimitItem:
    """The amount and its window.

    Raises:
        InvalidOption: it is not one amount, or none at all, or its window is longer than a year.
    """
    try:
        (item,) = parse_many(text)
    except ValueError as exc:
        raise _invalid(text) from exc
    if item.amount < 1 or not 1 <= item.get_expiry() <= _MAX_WINDOW_S:
        raise _invalid(text)
    return item


def shown(item: RateLimitItem) -> str:
    """The amount as operators write it: "10/second", "100/5 minutes"."""
    unit = item.GRANULARITY.name
    return f"{item.amount}/{unit if item.multiples == 1 else f'{item.multiples} {unit}s'}"


def _invalid(text: str) -> InvalidOption:
    return InvalidOption(f"'{text}' is not an amount in a time: write it like 10/second or 10000/day")
