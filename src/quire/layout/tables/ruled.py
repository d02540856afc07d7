"""Ruled grids with their words; where rules part only some rows or columns, words part the others."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from quire.layout.tables.grid import Area, Grid, partition, place_words
from quire.layout.tables.lattice import Lattice, areas_of
from quire.layout.tables.open import Region, solve
from quire.layout.tables.rows import runs, text_rows
from quire.layout.tables.sheet import Token
from quire.layout.tables.values import is_value, is_wide, is_year

_NEAR_LETTERS: Final = 4
_CROWDED: Final = 0.35
_SENTENCE: Final = 7
"""Words that a heading over all columns rarely has."""


def ruled_grid(lattice: Lattice, tokens: Sequence[Token], unit: float, space: float) -> Grid | None:
    """The grid of a lattice; None when no words are in it."""
    if not tokens:
        return None
    if _needs_words(lattice, tokens, unit, space):
        return solve(Region(tokens, lattice.xs[1:-1], lattice.level), unit, space)
    rows, columns = len(lattice.ys) - 1, len(lattice.xs) - 1
    areas = partition(rows, columns, areas_of(_parted_by_words(lattice, tokens, unit)))
    words = place_words(lattice.xs, lattice.ys, areas, _cut_at_rules(lattice, tokens, unit))
    first, end = _kept(areas, words, rows, columns)
    areas = [_moved(area, first) for area in areas if first <= area.row < end]
    words = {_moved(area, first): found for area, found in words.items() if first <= area.row < end}
    return Grid(lattice.xs, lattice.ys[first : end + 1], areas, words, _header_rows(areas, words, end - first))


def _cut_at_rules(lattice: Lattice, tokens: Sequence[Token], unit: float) -> Iterator[Token]:
    """The words, those that were read across upright rules in pieces."""
    for token in tokens:
        row = min(max(bisect_right(lattice.ys, token.y) - 1, 0), len(lattice.ys) - 2)
        first, end = bisect_right(lattice.xs, token.x0 + unit / 2), bisect_left(lattice.xs, token.x1 - unit / 2)
        for place in range(max(first, 1), min(end, len(lattice.xs) - 1)):
            cut = _cut_place(token, lattice.xs[place])
            if lattice.parted_right[row, place - 1] and 0 < cut < len(token.text):
                yield token._replace(x1=lattice.xs[place], text=token.text[:cut])
                token = token._replace(x0=lattice.xs[place], text=token.text[cut:])
        yield token


def _cut_place(token: Token, x: float) -> int:
    """The letter of a word at x, or where ideographs begin or end close to it."""
    size = len(token.text)
    place = round(size * (x - token.x0) / (token.x1 - token.x0))
    changes = [i for i in range(1, size) if is_wide(token.text[i - 1]) != is_wide(token.text[i])]
    near = min(changes, key=lambda i: abs(i - place), default=place)
    return near if abs(near - place) <= _NEAR_LETTERS else place


def _kept(areas: Sequence[Area], words: Mapping[Area, Sequence[Token]], rows: int, columns: int) -> tuple[int, int]:
    """Rows without a title at the top and notes at the bottom, framed with the table: sentences over all columns."""
    prose = {
        area.row: area.row_end
        for area in areas
        if area.column_end - area.column == columns and len(words.get(area, ())) >= _SENTENCE
    }
    first, end = 0, rows
    while first in prose:
        first = prose[first]
    ends = {row_end: row for row, row_end in prose.items()}
    while end in ends and ends[end] > first:
        end = ends[end]
    return (first, end) if end - first > 1 else (0, rows)


def _moved(area: Area, rows: int) -> Area:
    return Area(area.row - rows, area.column, area.row_end - rows, area.column_end)


def _needs_words(lattice: Lattice, tokens: Sequence[Token], unit: float, space: float) -> bool:
    """Whether a good part of the words stands between level rules in several rows of values."""
    crowded = 0
    for inside in _bands(lattice, tokens):
        rows = [runs(row.tokens, space) for row in text_rows(inside, unit)]
        valued = sum(any(is_value(run.text) for run in row[1:]) for row in rows)
        if valued >= max(2, 0.5 * len(rows)):
            crowded += len(inside)
    return crowded > _CROWDED * len(tokens)


def _bands(lattice: Lattice, tokens: Sequence[Token]) -> list[list[Token]]:
    """Words between each level edge and the next."""
    result: list[list[Token]] = [[] for _ in lattice.ys[1:]]
    for token in tokens:
        place = bisect_right(lattice.ys, token.y) - 1
        if 0 <= place < len(result):
            result[place].append(token)
    return result


def _parted_by_words(lattice: Lattice, tokens: Sequence[Token], unit: float) -> Lattice:
    """The lattice, its columns parted in rows without rules too, where most of these leave a gap there."""
    parted = lattice.parted_right.copy()
    bands = _bands(lattice, tokens)
    for column, x in enumerate(lattice.xs[1:-1]):
        free = [not any(t.x0 < x - 1 and t.x1 > x + 1 for t in band) for band in bands]
        gap = [_gap_at(band, x) >= unit for band in bands]
        open_ = [row for row in range(len(bands)) if not parted[row, column]]
        often = sum(free[row] and gap[row] for row in open_) >= max(1, 0.5 * len(open_))
        for row in open_:
            parted[row, column] = free[row] and (
                gap[row] if not often else gap[row] or not bands[row] or _one_sided(bands[row], x)
            )
    return replace(lattice, parted_right=parted)


def _gap_at(band: Sequence[Token], x: float) -> float:
    """Width of the empty space around x between words on both sides of it; 0 without both."""
    left = max((t.x1 for t in band if t.x <= x), default=None)
    right = min((t.x0 for t in band if t.x > x), default=None)
    return right - left if left is not None and right is not None else 0.0


def _one_sided(band: Sequence[Token], x: float) -> bool:
    return len({token.x > x for token in band}) == 1


def _header_rows(areas: Sequence[Area], words: Mapping[Area, Sequence[Token]], rows: int) -> int:
    """Rows above the first that holds values beside its first column; one where none does.

    Years, and a first row in bold over others that are not, are no values.
    """
    bold = [all(t.bold for a in areas if a.row == row for t in words.get(a, ())) for row in range(rows)]
    for row in range(rows):
        cells = [" ".join(t.text for t in words.get(a, ())) for a in areas if a.row == row and a.column > 0]
        filled = [text for text in cells if text]
        names = all(map(is_year, filled)) or (row == 0 and bold[0] and not all(bold))
        if not names and sum(map(is_value, filled)) >= 0.5 * len(filled):
            return row
    return 1 if rows > 1 else 0
