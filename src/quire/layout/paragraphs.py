"""Rows of a column gathered into paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from quire.layout.markers import markers
from quire.layout.sheet import Row

ENDED: Final = re.compile(r"[.!?…:;。！？：；۔؟।][\s\"'”’»)\]）」』》\d]*$")
"""A row that ends a sentence."""

# Lengths in line heights.
_GAP: Final = 0.9
_INDENT: Final = 0.8
_MAX_INDENT: Final = 6.0
_SHORT: Final = 2.0
_CENTRED: Final = 1.5
# Recognised lines have boxes whose height depends on their letters; a PDF says the size.
_MEASURED_STEP: Final = 1.4
_KNOWN_STEP: Final = 1.12
_LOOSER: Final = 1.3
_TELLING_ROWS: Final = 4


@dataclass(frozen=True, slots=True)
class Column:
    """A column, or a band of the page, and how it is set.

    Attributes:
        left, right: its edges, pixels.
        pitch: usual distance of its rows; 0 where too few tell.
        step: by how much letters must differ in size to part paragraphs.
    """

    left: float
    right: float
    pitch: float
    step: float


def column_of(rows: Sequence[Row], *, sizes_known: bool) -> Column:
    """How one or more rows are set."""
    pitches = [below.centre - above.centre for above, below in pairwise(rows)]
    usual = median(pitches) if len(pitches) >= _TELLING_ROWS else 0.0
    alike = sum(abs(pitch - usual) < 0.15 * usual for pitch in pitches)
    return Column(
        left=min(row.x0 for row in rows),
        right=max(row.x1 for row in rows),
        pitch=usual if alike >= 0.5 * len(pitches) else 0.0,
        step=_KNOWN_STEP if sizes_known else _MEASURED_STEP,
    )


def paragraphs(rows: Sequence[Row], column: Column) -> list[list[Row]]:
    """The rows, parted where the gap, size, weight, alignment or indent changes, or a sentence ends amid the line."""
    result: list[list[Row]] = []
    for place, row in enumerate(rows):
        if result and not _begins(result[-1], row, rows[place + 1 : place + 2], column):
            result[-1].append(row)
        else:
            result.append([row])
    return result


def _begins(paragraph: Sequence[Row], row: Row, after: Sequence[Row], column: Column) -> bool:
    above = paragraph[-1]
    return (
        _set_apart(above, row, column)
        or _restyled(above, row, column)
        or _realigned(above, row, column)
        or _indented(paragraph, row, after, column)
        or _after_an_end(above, row, column)
        or _is_item(paragraph, row, column)
    )


def _set_apart(above: Row, row: Row, column: Column) -> bool:
    height = min(above.height, row.height)
    pitch = row.centre - above.centre
    if column.pitch and pitch <= 1.1 * column.pitch and pitch <= 3 * height:
        return False
    wide = row.y0 - above.y1 > _GAP * height
    return wide or bool(column.pitch and pitch > _LOOSER * column.pitch and row.y0 - above.y1 > 0.35 * height)


def _restyled(above: Row, row: Row, column: Column) -> bool:
    small, large = sorted((above.size, row.size))
    return large > column.step * small or above.bold != row.bold or above.mono != row.mono


def centred(row: Row, column: Column) -> bool:
    """Whether the row stands in the middle of its column, clear of both sides."""
    left, right = row.x0 - column.left, column.right - row.x1
    return min(left, right) > _CENTRED * row.height and abs(left - right) < max(row.height, 0.1 * (left + right))


def _realigned(above: Row, row: Row, column: Column) -> bool:
    """Centred rows do not belong to rows that begin at the margin."""
    first, second = centred(above, column), centred(row, column)
    return first != second and (row if first else above).x0 - column.left < _INDENT * row.height


def _indented(paragraph: Sequence[Row], row: Row, after: Sequence[Row], column: Column) -> bool:
    """Whether the row's start is set in from the rows around it, as a paragraph's first is."""
    height = row.height
    margin = paragraph[-1].x0 if len(paragraph) > 1 else min(paragraph[0].x0, column.left + _MAX_INDENT * height)
    indent = row.x0 - margin
    if not _INDENT * height < indent < _MAX_INDENT * height:
        return False
    # A second row set in from the first is a hanging indent, unless what follows goes back.
    return bool(after) and row.x0 - after[0].x0 > _INDENT * height and not centred(row, column)


def _after_an_end(above: Row, row: Row, column: Column) -> bool:
    """Whether a sentence ended on a row that had room for the next word."""
    room = column.right - above.x1 - _SHORT * above.height
    return bool(room > row.lead and ENDED.search(above.text) and column.right - column.left > 12 * above.height and row.text[:1].isupper())


def _is_item(paragraph: Sequence[Row], row: Row, column: Column) -> bool:
    """Whether an item of a list begins: after a bullet no other row does, after a number its successor."""
    found = markers(row.text)
    if not found:
        return False
    if found[0].style == "bullet":
        return found[0].text not in "–—-*+o" or _looks_listed(paragraph, row)
    return _looks_listed(paragraph, row)


def _looks_listed(paragraph: Sequence[Row], row: Row) -> bool:
    """Whether the paragraph is an item of the same list, or the row above is too short to run on."""
    above, first = paragraph[-1], paragraph[0]
    for mine in markers(row.text):
        for theirs in markers(first.text):
            if mine.shape == theirs.shape and mine.value in (0, theirs.value + 1):
                return abs(first.x0 - row.x0) < 2 * row.height
    return bool(ENDED.search(above.text)) and row.x0 - first.x0 > -_INDENT * row.height
