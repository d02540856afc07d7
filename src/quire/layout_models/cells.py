"""The words of SLANet_plus for a table's structure → its cells.

The network writes a table as HTML without text: `<tr>`, `<td></td>`, and for cells that span `<td`, ` colspan="2"`,
`>`, `</td>`. Cells take their places as a browser gives them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_OPENINGS: Final = frozenset({"<td>", "<td", "<td></td>"})
_SPAN: Final = re.compile(r'\s*(row|col)span="(\d{1,3})"')
_MAX_SPAN: Final = 100
_MAX_PLACES: Final = 20_000
"""Of a table's grid: more is no table that a network of 500 words can have read."""


class Place(NamedTuple):
    """Where a cell stands.

    Attributes:
        step: at which word the cell begins: the network's box for it stands there.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    header: bool
    step: int


@dataclass(slots=True)
class _Open:
    """A cell whose tag is being written."""

    step: int
    row_span: int = 1
    column_span: int = 1


@dataclass(slots=True)
class _Writing:
    """A table as far as it has been written."""

    row: int = -1
    column: int = 0
    head: bool = False
    places: list[Place] = field(default_factory=list)
    taken: set[tuple[int, int]] = field(default_factory=set)

    def take(self, word: str) -> None:
        """A word outside of cells."""
        if word == "<tr>":
            self.row, self.column = self.row + 1, 0
        elif word in ("<thead>", "</thead>"):
            self.head = word == "<thead>"

    def close(self, cell: _Open) -> None:
        """Gives a cell the next free place of its row."""
        row = max(self.row, 0)
        while (row, self.column) in self.taken:
            self.column += 1
        for down in range(row, row + cell.row_span):
            self.taken.update((down, right) for right in range(self.column, self.column + cell.column_span))
        self.places.append(Place(row, self.column, cell.row_span, cell.column_span, self.head, cell.step))
        self.column += cell.column_span


def cells_of(words: Sequence[str]) -> list[Place]:
    """The cells in the order in which they were written; none where the table would be too large to be one."""
    table = _Writing()
    cell: _Open | None = None
    for step, word in enumerate(words):
        span = _SPAN.fullmatch(word)
        if word in _OPENINGS:
            cell = _Open(step)
        if cell and span:
            _widen(cell, span[1], int(span[2]))
        if cell and word in ("<td></td>", "</td>"):
            table.close(cell)
            cell = None
        if len(table.taken) > _MAX_PLACES:
            return []
        table.take(word)
    return _inside(table.places)


def _widen(cell: _Open, direction: str, count: int) -> None:
    span = min(max(count, 1), _MAX_SPAN)
    if direction == "row":
        cell.row_span = span
    else:
        cell.column_span = span


def _inside(places: Sequence[Place]) -> list[Place]:
    """Cells that reach no farther down than the last row begins."""
    rows = max((place.row for place in places), default=0) + 1
    return [place._replace(row_span=min(place.row_span, rows - place.row)) for place in places]
