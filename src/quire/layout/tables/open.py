"""Tables whose columns are gutters between words: their rows, headers and cells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from quire.layout.tables.columns import gutters
from quire.layout.tables.grid import Area, Grid, partition
from quire.layout.tables.headers import Entry, Extent, header_areas, header_rows
from quire.layout.tables.rows import Run, TextRow, runs, text_rows
from quire.layout.tables.sheet import Stroke, Token
from quire.layout.tables.wrapping import wrapped

_MAX_ROWS: Final = 400


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the page to be read as a table.

    Attributes:
        hard: x of upright rules that part columns.
        level: level rules in it.
    """

    tokens: Sequence[Token]
    hard: Sequence[float]
    level: Sequence[Stroke]


def solve(region: Region, unit: float, space: float) -> Grid | None:
    """The grid of a region; None without two columns and two rows."""
    rows = text_rows(region.tokens, unit)[:_MAX_ROWS]
    found = gutters([runs(row.tokens, space) for row in rows], unit, region.hard)
    if len(rows) < 2 or not found:
        return None
    left, right = min(t.x0 for t in region.tokens), max(t.x1 for t in region.tokens)
    xs = [min(left, found[0] - 1), *map(float, found), max(right, found[-1] + 1)]
    entries = [_entries(row, index, xs, space) for index, row in enumerate(rows)]
    extents = _extents(entries, xs)
    head = header_rows(entries, region.level, (left, right), unit)
    areas = header_areas([e for row in entries[:head] for e in row], head, extents, region.level, unit)
    areas += _body(entries, rows, head, region.level, extents, unit)
    return _grid(areas, rows, xs, head)


def _entries(row: TextRow, index: int, xs: Sequence[float], space: float) -> list[Entry]:
    """A row's cells: runs, cut at gutters between their words unless one run is the whole row."""
    found = runs(row.tokens, space)
    if len(found) > 1:
        found = [part for run in found for part in _cut(run, xs)]
    entries: list[Entry] = []
    for run in found:
        first, last = _column(xs, run.tokens[0].x), _column(xs, run.tokens[-1].x)
        if entries and entries[-1].column == first == last and entries[-1].column_end == first + 1:
            entries[-1].run.tokens.extend(run.tokens)
        else:
            entries.append(Entry(run, index, index + 1, first, last + 1))
    return entries


def _cut(run: Run, xs: Sequence[float]) -> list[Run]:
    """Parted at gutters that lie in the middle between words."""
    parts = [Run([run.tokens[0]])]
    for before, token in zip(run.tokens, run.tokens[1:], strict=False):
        if any(before.x1 - 1 <= x <= token.x0 + 1 for x in xs[1:-1]):
            parts.append(Run([token]))
        else:
            parts[-1].tokens.append(token)
    return parts


def _column(xs: Sequence[float], x: float) -> int:
    return min(max(bisect_right(xs, x) - 1, 0), len(xs) - 2)


def _extents(entries: Sequence[Sequence[Entry]], xs: Sequence[float]) -> list[Extent]:
    """Where the text of each column lies, by the cells that stand in it alone."""
    found: list[list[Run]] = [[] for _ in xs[1:]]
    for row in entries:
        for entry in row:
            if entry.column_end - entry.column == 1 and len(row) > 1:
                found[entry.column].append(entry.run)
    return [
        Extent(min(r.x0 for r in column), max(r.x1 for r in column)) if column else Extent(x0, x1)
        for column, x0, x1 in zip(found, xs, xs[1:], strict=False)
    ]


def _body(
    entries: Sequence[Sequence[Entry]],
    rows: Sequence[TextRow],
    head: int,
    level: Sequence[Stroke],
    extents: Sequence[Extent],
    unit: float,
) -> list[Entry]:
    result: list[Entry] = []
    for first, end in wrapped(entries, rows, head, level):
        cells: dict[int, Entry] = {}
        for entry in (entry for row in entries[first:end] for entry in row):
            column, last = entry.column, entry.column_end
            if last - column > 1:
                column, last = _across(entry, extents, unit)
            cell = cells.get(column)
            if cell is None:
                cells[column] = Entry(Run([*entry.run.tokens]), first, end, column, last)
            else:
                cell.run.tokens.extend(entry.run.tokens)
        result.extend(cells.values())
    return result


def _across(entry: Entry, extents: Sequence[Extent], unit: float) -> tuple[int, int]:
    """Columns of a line that crosses gutters: a heading centred over all values, or a text that starts in one."""
    middle = (entry.run.x0 + entry.run.x1) / 2
    values = extents[1:] if len(extents) > 2 else extents
    centre = (values[0].x0 + values[-1].x1) / 2
    if entry.run.x0 > extents[0].x0 + 2 * unit and abs(middle - centre) < 2 * unit and len(extents) > 2:
        return 1, len(extents)
    return entry.column, entry.column + 1


def _grid(entries: Sequence[Entry], rows: Sequence[TextRow], xs: Sequence[float], head: int) -> Grid:
    """Rows in which no cell starts are none of their own."""
    starts = sorted({entry.row for entry in entries} | {0})
    number = {row: index for index, row in enumerate(starts)}
    count = len(starts)
    areas: list[Area] = []
    words: dict[Area, list[Token]] = {}
    taken: dict[tuple[int, int], Area] = {}
    for entry in sorted(entries, key=lambda e: (e.row, e.column)):
        row, row_end = number[entry.row], next((number[s] for s in starts if s >= entry.row_end), count)
        owner = taken.get((row, entry.column))
        if owner is None:
            column_end = next((c for c in range(entry.column, entry.column_end) if (row, c) in taken), entry.column_end)
            while row_end > row + 1 and any(
                (r, c) in taken for r in range(row, row_end) for c in range(entry.column, column_end)
            ):
                row_end -= 1
            owner = Area(row, entry.column, row_end, column_end)
            areas.append(owner)
            taken.update({(r, c): owner for r in range(row, row_end) for c in range(entry.column, column_end)})
        words.setdefault(owner, []).extend(entry.run.tokens)
    ys = _row_edges(rows, starts)
    return Grid(xs, ys, partition(count, len(xs) - 1, areas), words, sum(start < head for start in starts))


def _row_edges(rows: Sequence[TextRow], starts: Sequence[int]) -> list[float]:
    """Half way between rows."""
    tops = [min(token.y0 for token in row.tokens) for row in rows]
    bottoms = [max(token.y1 for token in row.tokens) for row in rows]
    inner = [(bottoms[start - 1] + tops[start]) / 2 for start in starts[1:]]
    edges = [tops[0], *inner, max(bottoms)]
    return [max(edges[: i + 1]) for i in range(len(edges))]
