"""Paragraphs that are items of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from quire.document import ListItem
from quire.layout.markers import Marker, markers
from quire.layout.reflow import reflowed
from quire.layout.sheet import Row

# Lengths in line heights: items this far apart in x are on one level; what follows an item is set in by this.
_SAME_LEVEL = 1.0
_SET_IN = 0.6
_MAX_GAP = 2.5
_MAX_LEVELS = 6


@dataclass(slots=True)
class Item:
    """An item while its list is gathered: `rows` are those of all its paragraphs."""

    marker: Marker
    rows: list[Row] = field(default_factory=list)

    @property
    def x0(self) -> float:
        return self.rows[0].x0


@dataclass(frozen=True, slots=True)
class Items:
    """Items of one list that follow one another."""

    items: tuple[Item, ...]

    @property
    def rows(self) -> list[Row]:
        return [row for item in self.items for row in item.rows]


def gathered(paragraphs: Sequence[list[Row]]) -> list[list[Row] | Items]:
    """Paragraphs of one column, those that are items of a list as lists."""
    result: list[list[Row] | Items] = []
    place = 0
    while place < len(paragraphs):
        items, used = _run(paragraphs, place)
        if items and _is_list(items):
            result.append(Items(tuple(items)))
        else:
            used = 1
            result.append(list(paragraphs[place]))
        place += used
    return result


def _run(paragraphs: Sequence[list[Row]], start: int) -> tuple[list[Item], int]:
    """Items that follow one another from `start` on, and how many paragraphs they take."""
    items: list[Item] = []
    place = start
    for place in range(start, len(paragraphs) + 1):
        rows = paragraphs[place] if place < len(paragraphs) else []
        marker = _next_marker(items, rows[0]) if rows else None
        if marker:
            items.append(Item(marker, list(rows)))
        elif rows and items and _goes_on(items[-1], rows):
            items[-1].rows.extend(rows)
        else:
            break
    return items, place - start


def _next_marker(items: Sequence[Item], row: Row) -> Marker | None:
    """How the row's marker goes on from the items before it; the likeliest one where it begins a list."""
    found = markers(row.text)
    if not found or not items:
        return found[0] if found else None
    if row.y0 - items[-1].rows[-1].y1 > _MAX_GAP * row.height:
        return None
    for marker in found:
        if any(marker.follows(item.marker) for item in reversed(items[-20:])):
            return marker
    starts = [marker for marker in found if marker.value <= 1]
    return starts[0] if starts else None


def _goes_on(item: Item, rows: Sequence[Row]) -> bool:
    """Whether an unmarked paragraph is set in below an item, where the item's own text begins."""
    above, row = item.rows[-1], rows[0]
    near = row.y0 - above.y1 < 1.5 * row.height
    deep = item.rows[1].x0 if len(item.rows) > 1 else item.x0 + _SET_IN * row.height
    same = max(above.size, row.size) < 1.3 * min(above.size, row.size)
    return (
        near
        and same
        and min(one.x0 for one in rows) - item.x0 > _SET_IN * row.height
        and row.x0 < deep + 3 * row.height
    )


def _is_list(items: Sequence[Item]) -> bool:
    """A sure bullet makes a list; numbers and dashes need another one that follows."""
    if any(item.marker.sure for item in items):
        return True
    return any(
        later.marker.follows(item.marker) for place, item in enumerate(items) for later in items[place + 1 : place + 9]
    )


def list_items(items: Sequence[Item], limit: float) -> tuple[ListItem, ...]:
    """The items as the document has them, nested by how far they are set in."""
    edges: list[float] = []
    result = []
    for item in items:
        tolerance = _SAME_LEVEL * item.rows[0].height
        edges = [edge for edge in edges if edge < item.x0 + tolerance]
        if not edges or item.x0 - edges[-1] > tolerance:
            edges = [*edges, item.x0][-_MAX_LEVELS:]
        result.append(
            ListItem(
                text=reflowed(item.rows, limit)[item.marker.end :].strip(),
                level=len(edges),
                marker=item.marker.text,
                ordered=item.marker.style != "bullet",
                lines=tuple(line for row in item.rows for line in row.lines),
            )
        )
    return tuple(result)
