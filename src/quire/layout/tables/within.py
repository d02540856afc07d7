"""A table whose place is known: its cells as a network saw them, else as geometry finds them there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.geometry import Box
from quire.layout.base import FoundTable
from quire.layout.order import straight_boxes
from quire.layout.tables import find_tables
from quire.layout.tables.grid import Area, Grid, partition, to_table
from quire.layout.tables.open import Region as OpenRegion
from quire.layout.tables.open import solve
from quire.layout.tables.rows import Run, runs
from quire.layout.tables.sheet import Sheet, Token, sheet_of
from quire.view import PageView, Region, RegionCell, Rule

_MOST: Final = 0.5
_IN_CELLS: Final = 0.9
"""Share of the words that must stand in the network's cells: it has seen no more than 500 parts of a large table."""
_WHOLE: Final = 0.75
"""Share from which a run of words belongs to one cell as a whole: a network's boxes are not exact."""
_MAX_PLACES: Final = 20_000
_REACH_PX: Final = 4.0


def table_within(view: PageView, lines: Sequence[int], region: Region) -> FoundTable | None:
    """The table that these lines of the view make up; None where it is of one row or column.

    Args:
        lines: indices of those inside the region.
    """
    part = replace(
        view,
        lines=tuple(view.lines[line] for line in lines),
        styles=tuple(view.styles[line] for line in lines) if view.styles else (),
        rules=tuple(rule for rule in view.rules if _touches(rule, region.box)),
    )
    sheet = sheet_of(part)
    if sheet is None:
        return None
    found = _by_cells(sheet, region) or _by_geometry(part, sheet)
    return None if found is None else replace(found, lines=frozenset(lines[line] for line in found.lines))


def _touches(rule: Rule, box: Box) -> bool:
    x, y = (rule.x0 + rule.x1) / 2, (rule.y0 + rule.y1) / 2
    return box.x0 - _REACH_PX <= x <= box.x1 + _REACH_PX and box.y0 - _REACH_PX <= y <= box.y1 + _REACH_PX


def _by_geometry(part: PageView, sheet: Sheet) -> FoundTable | None:
    """The largest table that geometry finds there, else the lines as a table without rules, however unlike one."""
    found = max(find_tables(part), key=lambda table: len(table.lines), default=None)
    if found is not None and len(found.lines) >= _MOST * len(part.lines):
        return found
    grid = solve(OpenRegion(sheet.tokens, (), sheet.level), sheet.unit, sheet.space)
    return None if grid is None else to_table(grid, sheet)


def _by_cells(sheet: Sheet, region: Region) -> FoundTable | None:
    """The network's cells with the words that stand in them; None where too many words stand in none."""
    cells = [cell for cell in region.cells if cell.row_span > 0 and cell.column_span > 0]
    rows = max((cell.row + cell.row_span for cell in cells), default=0)
    columns = max((cell.column + cell.column_span for cell in cells), default=0)
    if rows * columns > _MAX_PLACES or min(rows, columns) < 1 or rows * columns < 2:
        return None
    boxes = straight_boxes([cell.box.quad for cell in cells], sheet.skew_degrees)
    areas = [_area(cell) for cell in cells]
    kept = partition(rows, columns, areas)
    words: dict[Area, list[Token]] = {}
    inside = 0
    for tokens, owner, is_inside in _placed(sheet, boxes):
        words.setdefault(areas[owner], []).extend(tokens)
        inside += is_inside * len(tokens)
    if inside < _IN_CELLS * len(sheet.tokens) or not set(words) <= set(kept):
        return None
    edges = straight_boxes([region.box.quad], sheet.skew_degrees)[0]
    grid = Grid(
        xs=_edges([(cell.column, cell.column + cell.column_span) for cell in cells], boxes[:, [0, 2]], edges[[0, 2]]),
        ys=_edges([(cell.row, cell.row + cell.row_span) for cell in cells], boxes[:, [1, 3]], edges[[1, 3]]),
        areas=kept,
        words=words,
        header_rows=_header_rows(cells),
    )
    return to_table(grid, sheet)


def _area(cell: RegionCell) -> Area:
    return Area(cell.row, cell.column, cell.row + cell.row_span, cell.column + cell.column_span)


def _placed(sheet: Sheet, boxes: NDArray[np.float64]) -> Iterator[tuple[Sequence[Token], int, bool]]:
    """Words with their cell, and whether their middle is in it: together what stands together, unless two share it."""
    found = [run.tokens for line in sheet.lines for run in runs(sorted(line), sheet.space)]
    owners, shares, _ = _owners([_around(tokens) for tokens in found], boxes)
    pieces = [
        piece
        for tokens, share in zip(found, shares.tolist(), strict=True)
        for piece in ([tokens] if share >= _WHOLE else [[token] for token in tokens])
    ]
    owners, _, inside = _owners([_around(tokens) for tokens in pieces], boxes)
    yield from zip(pieces, owners.tolist(), inside.tolist(), strict=True)


def _around(tokens: Sequence[Token]) -> tuple[float, float, float, float]:
    run = Run([*tokens])
    return run.x0, run.y0, run.x1, run.y1


def _owners(
    places: Sequence[tuple[float, float, float, float]], boxes: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
    """For each place the cell that holds most of it, else the nearest; which share of what cells hold of it that is;
    and whether its middle lies in that cell.
    """
    owners, shares, inside = [], [], []
    for batch in np.array_split(np.array(places, np.float64), max(1, len(places) // 256)):
        middle = (batch[:, :2] + batch[:, 2:]) / 2
        away = np.maximum(np.maximum(boxes[None, :, :2] - middle[:, None], middle[:, None] - boxes[None, :, 2:]), 0.0)
        size = np.minimum(boxes[None, :, 2:], batch[:, None, 2:]) - np.maximum(boxes[None, :, :2], batch[:, None, :2])
        held = np.prod(np.maximum(size, 0.0), axis=2)
        distance = np.hypot(away[:, :, 0], away[:, :, 1])
        best = np.where(held.max(axis=1) > 0, held.argmax(axis=1), distance.argmin(axis=1))
        each = np.arange(len(batch))
        owners.append(best)
        shares.append(held[each, best] / np.maximum(held.sum(axis=1), 1e-9))
        inside.append(distance[each, best] == 0)
    return np.concatenate(owners), np.concatenate(shares), np.concatenate(inside)


def _edges(spans: Sequence[tuple[int, int]], sides: NDArray[np.float64], outer: NDArray[np.float64]) -> list[float]:
    """Where columns, or rows, meet: half way between those that end and those that begin there, ascending."""
    count = max(end for _, end in spans)
    known = {0: float(outer[0]), count: float(outer[1])}
    for edge in range(1, count):
        before = [float(side[1]) for (_, end), side in zip(spans, sides, strict=True) if end == edge]
        after = [float(side[0]) for (start, _), side in zip(spans, sides, strict=True) if start == edge]
        found = [median(values) for values in (before, after) if values]
        if found:
            known[edge] = sum(found) / len(found)
    edges = sorted(known)
    places = np.interp(np.arange(count + 1), edges, [known[edge] for edge in edges])
    return [float(place) for place in np.maximum.accumulate(places)]


def _header_rows(cells: Sequence[RegionCell]) -> int:
    """Rows at the top that hold headers alone."""
    return min((cell.row for cell in cells if not cell.header), default=0)
