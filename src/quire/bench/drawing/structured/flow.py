"""Placing items one below the other, in columns, over pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, Self

from quire.bench.drawing.structured.sheet import Sheet


class Item(Protocol):
    """Something to be placed. All lengths are points."""

    @property
    def before(self) -> float: ...

    @property
    def keeps(self) -> bool: ...

    def height(self, width: float) -> float: ...

    def split(self, width: float, room: float) -> tuple[Self, Self] | None:
        """The part that fits into `room`, and the rest; None where it cannot be split there."""
        ...

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None: ...


class Frame(NamedTuple):
    """A column to be filled, points from the top left corner of the page."""

    x: float
    y: float
    width: float
    height: float


def stack(sheet: Sheet, items: Iterable[Item], x: float, y: float, width: float) -> float:
    """Draws items below each other, whole.

    Returns:
        The lower edge of the last.
    """
    for item in items:
        y += item.before
        item.draw(sheet, x, y, width)
        y += item.height(width)
    return y


def pour(sheet: Sheet, items: Iterable[Item], frames: Sequence[Frame]) -> list[Item]:
    """Fills the frames of one page in turn.

    Returns:
        The items that found no room, the first of them perhaps only a part.
    """
    waiting = list(items)
    for frame in frames:
        y, bottom = frame.y, frame.y + frame.height
        while waiting:
            above = waiting[0].before if y > frame.y else 0.0
            taken = _taken(waiting, frame.width, bottom - y - above)
            if taken is None:
                break
            waiting[:1] = taken
            item = waiting.pop(0)
            item.draw(sheet, frame.x, y + above, frame.width)
            y += above + item.height(frame.width)
    return waiting


def columns(x: float, y: float, width: float, height: float, count: int, gutter: float) -> list[Frame]:
    """Columns of one width, side by side."""
    each = (width - (count - 1) * gutter) / count
    return [Frame(x + index * (each + gutter), y, each, height) for index in range(count)]


def _taken(waiting: Sequence[Item], width: float, room: float) -> list[Item] | None:
    """The first item, or its parts, the first of which fits; None when nothing does."""
    first = waiting[0]
    if first.height(width) + _kept(waiting, width) <= room:
        return [first]
    parts = first.split(width, room)
    return None if parts is None else [*parts]


def _kept(waiting: Sequence[Item], width: float) -> float:
    """Room that must be left below the first item for the start of what it stays with."""
    return sum(_starts(waiting, width)) if waiting[0].keeps else 0.0


def _starts(waiting: Sequence[Item], width: float) -> Iterator[float]:
    for item in waiting[1:]:
        yield item.before + min(item.height(width), 50.0)
        if not item.keeps:
            return
