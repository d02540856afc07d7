"""Tables of pages that are written from the right: looked for in the page's mirror image, where columns start left."""

from __future__ import annotations

from dataclasses import replace

from quire.layout.direction import direction_of
from quire.layout.tables.grid import Area, Grid
from quire.layout.tables.sheet import Sheet, Stroke, Token


def from_right(sheet: Sheet) -> bool:
    """Whether most of the page's letters run from the right."""
    return direction_of(" ".join(token.text for token in sheet.tokens)) == "rtl"


def mirrored(sheet: Sheet) -> Sheet:
    """The sheet with left and right exchanged, about x = 0."""
    return replace(
        sheet,
        tokens=tuple(map(_mirrored, sheet.tokens)),
        lines=tuple(tuple(map(_mirrored, line)) for line in sheet.lines),
        level=tuple(Stroke(-stroke.end, -stroke.start, stroke.at) for stroke in sheet.level),
        upright=tuple(stroke._replace(at=-stroke.at) for stroke in sheet.upright),
    )


def turned_over(grid: Grid) -> Grid:
    """The grid of a mirrored sheet on the sheet itself: its columns still count from the left."""
    count = len(grid.xs) - 1
    places = {area: Area(area.row, count - area.column_end, area.row_end, count - area.column) for area in grid.areas}
    return replace(
        grid,
        xs=[-x for x in reversed(grid.xs)],
        areas=list(places.values()),
        words={places[area]: [*map(_mirrored, words)] for area, words in grid.words.items()},
    )


def _mirrored(token: Token) -> Token:
    return token._replace(x0=-token.x1, x1=-token.x0)
