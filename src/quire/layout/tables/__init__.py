"""Tables of a page, with and without ruling lines.

Rules that meet make a grid. What words lie outside grids is searched for rows that share gutters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quire.layout.base import FoundTable
from quire.layout.tables.apart import between_equals
from quire.layout.tables.grid import Grid, to_table
from quire.layout.tables.lattice import lattices
from quire.layout.tables.mirror import from_right, mirrored, turned_over
from quire.layout.tables.open import Region, solve
from quire.layout.tables.plain import is_plain
from quire.layout.tables.prose import below_caption, is_prose, leaves_out
from quire.layout.tables.regions import stacks
from quire.layout.tables.ruled import ruled_grid
from quire.layout.tables.sheet import Sheet, Token, sheet_with
from quire.layout.tables.sound import is_form, is_open_table, is_ruled_table
from quire.layout.tables.words import words_of
from quire.view import PageView


def find_tables(view: PageView) -> tuple[FoundTable, ...]:
    """The tables of a page, from top to bottom; each line belongs to one at most."""
    words = words_of(view)
    if is_plain(words.boxes, words.lines, view.rules):
        return ()
    sheet = sheet_with(view, words)
    if sheet is None:
        return ()
    right = from_right(sheet)
    grids = map(turned_over, _grids(mirrored(sheet))) if right else _grids(sheet)
    found = sorted(grids, key=lambda grid: (grid.ys[0], grid.xs[0]))
    return tuple(to_table(grid, sheet, from_right=right) for grid in found)


def _grids(sheet: Sheet) -> Iterator[Grid]:
    left = set(range(len(sheet.lines)))
    for lattice in lattices(sheet):
        grid = ruled_grid(lattice, sheet.whole_lines(lattice.holds, left), sheet.unit, sheet.space)
        sound = grid is not None and is_ruled_table(grid, sheet.unit)
        if grid is not None and (sound or is_form(grid, sheet.unit)):
            left -= grid.lines
        if grid is not None and sound:
            yield grid
    for stack in stacks(sheet, [token for token in sheet.tokens if token.line in left]):
        lines = {token.line for token in stack} & left
        tokens = below_caption(sheet.whole_lines(set(stack).__contains__, lines), sheet.unit)
        grid = _open_grid(sheet, tokens)
        if grid is None and tokens:
            grid = _open_grid(sheet, between_equals(tokens, sheet.level, sheet.unit))
        if grid is not None and not leaves_out(grid, sheet, left):
            left -= grid.lines
            yield grid


def _open_grid(sheet: Sheet, tokens: Sequence[Token]) -> Grid | None:
    if not tokens:
        return None
    y0, y1 = min(t.y0 for t in tokens) - 2 * sheet.unit, max(t.y1 for t in tokens) + 2 * sheet.unit
    level = [stroke for stroke in sheet.level if y0 <= stroke.at <= y1]
    grid = solve(Region(tokens, (), level), sheet.unit, sheet.space)
    sound = grid is not None and is_open_table(grid, level, sheet.unit) and not is_prose(grid, sheet.unit)
    return grid if sound else None
