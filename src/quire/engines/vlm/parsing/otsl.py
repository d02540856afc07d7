"""Tables in OTSL, "optimized table structure language" (Lysak et al., arXiv:2305.03393): one token for each place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from quire.engines.vlm.parsing.grids import MAX_PLACES
from quire.engines.vlm.parsing.inline import plain
from quire.engines.vlm.parsing.pieces import Grid, GridCell

_TOKEN: Final = re.compile(r"<(fcel|ecel|lcel|ucel|xcel|ched|rhed|srow|nl)>")
_OTHER: Final = re.compile(r"</?(?:otsl|fcel|ecel|lcel|ucel|xcel|ched|rhed|srow|nl|loc_\d{1,4}|chart|table)>")
_HEADERS: Final = frozenset({"ched", "rhed", "srow"})
_BELOW: Final = frozenset({"ucel", "xcel"})
_BESIDE: Final = frozenset({"ucel", "xcel", "lcel"})


class _Place(NamedTuple):
    """One place of the grid as it is written."""

    kind: str
    text: str


def has_otsl(text: str) -> bool:
    return _TOKEN.search(text) is not None


def parse_otsl(text: str) -> Grid | None:
    """The table; None where there is none, or one far too large. A place that continues nothing is an empty cell."""
    rows = _rows(text)
    columns = max(map(len, rows), default=0)
    if not columns or len(rows) * columns > MAX_PLACES:
        return None
    for row in rows:
        row.extend([_Place("ecel", "")] * (columns - len(row)))
    return Grid(len(rows), columns, tuple(_cells(rows, columns)))


def _rows(text: str) -> list[list[_Place]]:
    tokens = [*_TOKEN.finditer(text)]
    ends = [*(token.start() for token in tokens[1:]), len(text)]
    rows: list[list[_Place]] = [[]]
    for token, end in zip(tokens, ends, strict=False):
        if token[1] == "nl":
            rows.append([])
        else:
            rows[-1].append(_Place(token[1], plain(_OTHER.sub(" ", text[token.end() : end]))))
    return [row for row in rows if row]


def _cells(rows: Sequence[Sequence[_Place]], columns: int) -> list[GridCell]:
    taken: set[tuple[int, int]] = set()
    cells = []
    for row, places in enumerate(rows):
        for column, place in enumerate(places):
            if (row, column) in taken:
                continue
            width = _width(places, row, column, taken)
            height = _height(rows, row, column, width, taken)
            taken.update((r, c) for r in range(row, row + height) for c in range(column, column + width))
            cells.append(GridCell(row, column, place.text, height, width, place.kind in _HEADERS))
    return cells


def _width(places: Sequence[_Place], row: int, column: int, taken: set[tuple[int, int]]) -> int:
    end = column + 1
    while end < len(places) and places[end].kind == "lcel" and (row, end) not in taken:
        end += 1
    return end - column


def _height(rows: Sequence[Sequence[_Place]], row: int, column: int, width: int, taken: set[tuple[int, int]]) -> int:
    """How many rows go on from this one: "ucel" below its first column, anything but a cell of its own beside it."""
    end = row + 1
    while end < len(rows) and rows[end][column].kind in _BELOW:
        if any(rows[end][c].kind not in _BESIDE or (end, c) in taken for c in range(column, column + width)):
            break
        end += 1
    return end - row
