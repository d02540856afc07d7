"""Tables of a page, with and without ruling lines.

Rules that meet make a grid. What words lie outside grids is searched for rows that share gutters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quire.layout.base import FoundTable
from quire.layout.tables.grid import Grid, to_table
from quire.layout.tables.lattice import lattices
from quire.layout.tables.open import Region, solve
from quire.layout.tables.regions import stacks
from quire.layout.tables.ruled import ruled_grid
from quire.layout.tables.sheet import Sheet, Token, sheet_of
from quire.layout.tables.sound import is_open_table, is_ruled_table
from quire.view import PageView


def find_tables(view: PageView) -> tuple[FoundTable, ...]:
    """The tables of a page, from top to bottom; each line belongs to one at most."""
    sheet = sheet_of(view)
    if sheet is None:
        return ()
    found = sorted(_grids(sheet), key=lambda grid: (grid.ys[0], grid.xs[0]))
    return tuple(to_table(grid, sheet) for grid in found)


def _grids(sheet: Sheet) -> Iterator[Grid]:
    left = set(range(len(sheet.lines)))
    for lattice in lattices(sheet):
        grid = ruled_grid(lattice, sheet.whole_lines(lattice.holds, left), sheet.unit, sheet.space)
        if grid is not None and is_ruled_table(grid, sheet.unit):
            left -= grid.lines
            yield grid
    for stack in stacks(sheet, [token for token in sheet.tokens if token.line in left]):
        lines = {token.line for token in stack} & left
        grid = _open_grid(sheet, sheet.whole_lines(set(stack).__contains__, lines))
        if grid is not None:
            left -= grid.lines
            yield grid


def _open_grid(sheet: Sheet, tokens: Sequence[Token]) -> Grid | None:
    if not tokens:
        return None
    y0, y1 = min(t.y0 for t in tokens) - 2 * sheet.unit, max(t.y1 for t in tokens) + 2 * sheet.unit
    level = [stroke for stroke in sheet.level if y0 <= stroke.at <= y1]
    grid = solve(Region(tokens, (), level), sheet.unit, sheet.space)
    return grid if grid is not None and is_open_table(grid, level, sheet.unit) else None
