"""A grid whose places belong to cells, and the table that its words make of it."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from quire.document import Cell, Table
from quire.document.flow import run_on
from quire.layout.base import FoundTable
from quire.layout.tables.rows import text_rows
from quire.layout.tables.sheet import Sheet, Token
from quire.layout.tables.values import is_wide

_FIRST_FROM_RIGHT: Final = "\u0590"


@dataclass(frozen=True, slots=True)
class Area:
    """A cell's place: rows and columns from the first to before the last."""

    row: int
    column: int
    row_end: int
    column_end: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows and columns, and the cells that they are shared out to.

    Attributes:
        xs, ys: edges in straight pixels, ascending; one more than there are columns and rows.
        areas: cover every place once.
        words: of each area.
        header_rows: rows at the top that name the others.
    """

    xs: Sequence[float]
    ys: Sequence[float]
    areas: Sequence[Area]
    words: Mapping[Area, Sequence[Token]]
    header_rows: int

    @property
    def lines(self) -> frozenset[int]:
        """Lines of the view that its words are in."""
        return frozenset(token.line for tokens in self.words.values() for token in tokens)


def partition(row_count: int, column_count: int, areas: Iterable[Area]) -> list[Area]:
    """The areas that do not overlap one before them, and single places for what they leave free, row by row."""
    owner: dict[tuple[int, int], Area] = {}
    for area in areas:
        places = [
            (row, column) for row in range(area.row, area.row_end) for column in range(area.column, area.column_end)
        ]
        if places and not any(place in owner for place in places):
            owner.update(dict.fromkeys(places, area))
    result: dict[Area, None] = {}
    for row in range(row_count):
        for column in range(column_count):
            result[owner.get((row, column)) or Area(row, column, row + 1, column + 1)] = None
    return list(result)


def place_words(
    xs: Sequence[float], ys: Sequence[float], areas: Iterable[Area], tokens: Iterable[Token]
) -> dict[Area, list[Token]]:
    """Words by the area in which their middle lies; those outside the grid belong to the nearest."""
    owner = {
        (r, c): area
        for area in areas
        for r in range(area.row, area.row_end)
        for c in range(area.column, area.column_end)
    }
    result: dict[Area, list[Token]] = defaultdict(list)
    for token in tokens:
        row = min(max(bisect_right(ys, token.y) - 1, 0), len(ys) - 2)
        column = min(max(bisect_right(xs, token.x) - 1, 0), len(xs) - 2)
        result[owner[row, column]].append(token)
    return result


def to_table(grid: Grid, sheet: Sheet, *, from_right: bool = False) -> FoundTable:
    """The grid as a table of the page, its columns counted from the left or the right."""
    cells = [_cell(area, grid, sheet, from_right) for area in grid.areas]
    box = sheet.turned_back(grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
    ordered = tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))
    return FoundTable(Table(box, len(grid.ys) - 1, len(grid.xs) - 1, ordered), grid.lines)


def _cell(area: Area, grid: Grid, sheet: Sheet, from_right: bool) -> Cell:
    return Cell(
        row=area.row,
        column=len(grid.xs) - 1 - area.column_end if from_right else area.column,
        text=cell_text(grid.words.get(area, ()), sheet.unit),
        box=sheet.turned_back(grid.xs[area.column], grid.ys[area.row], grid.xs[area.column_end], grid.ys[area.row_end]),
        row_span=area.row_end - area.row,
        column_span=area.column_end - area.column,
        header=area.row < grid.header_rows,
    )


def cell_text(tokens: Sequence[Token], unit: float) -> str:
    """A cell's words in order, its lines joined."""
    if len(tokens) < 2:
        return tokens[0].text if tokens else ""
    return run_on(_row_text([token.text for token in row.tokens]) for row in text_rows(tokens, unit))


def _row_text(words: Sequence[str]) -> str:
    """Words from left to right as they are read: from the right in Arabic and Hebrew, without spaces in Chinese."""
    strong = [unicodedata.bidirectional(word[0]) for word in words if word[0] >= _FIRST_FROM_RIGHT]
    ordered = words[::-1] if 2 * sum(kind in {"R", "AL"} for kind in strong) > len(words) else words
    text = ordered[0]
    for word in ordered[1:]:
        text += word if is_wide(text[-1]) and is_wide(word[0]) else f" {word}"
    return text
