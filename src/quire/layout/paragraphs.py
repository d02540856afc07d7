"""Rows of a column gathered into paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from quire.layout.captions import surely_labelled
from quire.layout.formulas import is_formula
from quire.layout.markers import markers
from quire.layout.sheet import Row

ENDED: Final = re.compile(r"[.!?…:;。！？：；۔؟।][\s\"'”’»)\]）」』》\d]*$")
"""A row that ends a sentence."""

# Lengths in line heights.
_GAP: Final = 0.9
_CODE_GAP: Final = 2.5
_INDENT: Final = 0.8
_MAX_INDENT: Final = 6.0
_SHORT: Final = 2.0
_PROSE: Final = 12.0
_CENTRED: Final = 1.5
# Recognised lines have boxes whose height depends on their letters; a PDF says the size.
_MEASURED_STEP: Final = 1.4
_KNOWN_STEP: Final = 1.12
_SURE_STEP: Final = 1.2
_SCATTER: Final = 1.6
_SAME_PITCH: Final = 0.06
_LOOSER: Final = 1.3
_TELLING_ROWS: Final = 4
_AROUND: Final = 8


@dataclass(frozen=True, slots=True)
class Column:
    """How a column, or a band of the page, is set around one of its rows.

    Attributes:
        left, right: its edges there, pixels.
        pitch: usual distance of its rows; 0 where too few tell.
        step: by how much letters must differ in size to part paragraphs.
    """

    left: float
    right: float
    pitch: float
    step: float


def columns_of(rows: Sequence[Row], *, sizes_known: bool) -> list[Column]:
    """How each row's surroundings are set: what stands far above or below does not tell where a column ends."""
    pitch = _usual_pitch(rows)
    step = _KNOWN_STEP if sizes_known else _MEASURED_STEP
    lefts, rights = [row.x0 for row in rows], [row.x1 for row in rows]
    result = []
    for place in range(len(rows)):
        near = slice(max(0, place - _AROUND), place + _AROUND + 1)
        result.append(Column(min(lefts[near]), max(rights[near]), pitch, step))
    return result


def _usual_pitch(rows: Sequence[Row]) -> float:
    """Distance that most rows keep; 0 where none is usual."""
    pitches = [below.centre - above.centre for above, below in pairwise(rows)]
    usual = median(pitches) if len(pitches) >= _TELLING_ROWS else 0.0
    alike = sum(abs(pitch - usual) < 0.15 * usual for pitch in pitches)
    return usual if 2 * alike >= len(pitches) else 0.0


def paragraphs(rows: Sequence[Row], columns: Sequence[Column]) -> list[list[Row]]:
    """The rows, parted where the gap, size, weight, alignment or indent changes, or a sentence ends amid the line.

    Args:
        columns: one for each row.
    """
    result: list[list[Row]] = []
    for place, (row, column) in enumerate(zip(rows, columns, strict=True)):
        if result and not _begins(result[-1], row, rows[place + 1 : place + 2], column):
            result[-1].append(row)
        else:
            result.append([row])
    return result


def _begins(paragraph: Sequence[Row], row: Row, after: Sequence[Row], column: Column) -> bool:
    above = paragraph[-1]
    if above.mono and row.mono:
        return row.y0 - above.y1 > _CODE_GAP * row.height
    return (
        _set_apart(above, row, column)
        or _restyled(paragraph, row, after, column)
        or _realigned(above, row, column)
        or _mathematical(above, row, column)
        or _indented(paragraph, row, after, column)
        or _after_an_end(above, row, column)
        or _outdented(paragraph, row)
        or _is_item(paragraph, row)
        or _is_caption(above, row, column)
    )


def _set_apart(above: Row, row: Row, column: Column) -> bool:
    height = min(above.height, row.height)
    pitch = row.centre - above.centre
    if column.pitch and pitch <= 1.1 * column.pitch and pitch <= 3 * height:
        return False
    wide = row.y0 - above.y1 > _GAP * height
    return wide or bool(column.pitch and pitch > _LOOSER * column.pitch and row.y0 - above.y1 > 0.35 * height)


def _restyled(paragraph: Sequence[Row], row: Row, after: Sequence[Row], column: Column) -> bool:
    above = paragraph[-1]
    if above.bold != row.bold or above.mono != row.mono:
        return True
    if column.step > _KNOWN_STEP and _on_pitch(above, row, column):
        # Letters of another size would have another distance: the boxes only scatter.
        return _differ(above.size, row.size, _SCATTER)
    if _differ(above.size, row.size, column.step):
        return True
    # A measured size is that of the letters which are there: two rows on both sides say more than one.
    if len(paragraph) == 1 or not after:
        return False
    before = median(one.size for one in paragraph[-3:])
    return all(_differ(before, one.size, _SURE_STEP) for one in (row, *after))


def _on_pitch(above: Row, row: Row, column: Column) -> bool:
    return abs(row.centre - above.centre - column.pitch) < _SAME_PITCH * column.pitch


def _differ(one: float, other: float, step: float) -> bool:
    return max(one, other) > step * min(one, other)


def centred(row: Row, column: Column) -> bool:
    """Whether the row stands in the middle of its column, clear of both sides."""
    left, right = row.x0 - column.left, column.right - row.x1
    return min(left, right) > _CENTRED * row.height and abs(left - right) < max(row.height, 0.1 * (left + right))


def _mathematical(above: Row, row: Row, column: Column) -> bool:
    """Whether a displayed formula begins or ends here."""
    return is_formula([above], column.left, column.right) != is_formula([row], column.left, column.right)


def _realigned(above: Row, row: Row, column: Column) -> bool:
    """Whether centred rows end or begin here; a row that the margin broke runs on, wherever it stands."""
    first, second = centred(above, column), centred(row, column)
    flush = (row if first else above).x0 - column.left < _INDENT * row.height
    return first != second and flush and _has_room(above, row, column)


def _indented(paragraph: Sequence[Row], row: Row, after: Sequence[Row], column: Column) -> bool:
    """Whether the row's start is set in from the rows around it, as a paragraph's first is."""
    height = row.height
    margin = paragraph[-1].x0 if len(paragraph) > 1 else min(paragraph[0].x0, column.left + _MAX_INDENT * height)
    if not _INDENT * height < row.x0 - margin < _MAX_INDENT * height or markers(paragraph[0].text):
        return False
    # Set in after a row that runs on, it is a hanging indent.
    done = bool(ENDED.search(paragraph[-1].text)) or _has_room(paragraph[-1], row, column)
    return done and bool(after) and row.x0 - after[0].x0 > _INDENT * height and not centred(row, column)


def _outdented(paragraph: Sequence[Row], row: Row) -> bool:
    """Whether the row begins where the paragraph did, whose other rows are set in: the next of a list of works."""
    first, indent = paragraph[0], _INDENT * row.height
    if len(paragraph) == 1 or abs(row.x0 - first.x0) > indent / 2:
        return False
    return all(other.x0 - first.x0 > indent for other in (paragraph[1], paragraph[-1]))


def _has_room(above: Row, row: Row, column: Column) -> bool:
    """Whether the row's first word would have fitted on the row above, with room to spare."""
    return column.right - above.x1 - _SHORT * above.height > row.lead


def _after_an_end(above: Row, row: Row, column: Column) -> bool:
    """Whether a sentence ended on a row that had room for the next word."""
    prose = column.right - column.left > _PROSE * above.height
    return prose and bool(ENDED.search(above.text)) and row.text[:1].isupper() and _has_room(above, row, column)


def _is_caption(above: Row, row: Row, column: Column) -> bool:
    """Whether "Figure 3:" begins the row, and the row above did not break before it for want of room."""
    ended = bool(ENDED.search(above.text)) or _has_room(above, row, column)
    return ended and surely_labelled(row.text)


def _is_item(paragraph: Sequence[Row], row: Row) -> bool:
    """Whether an item of a list begins: what looks like a number may stand anywhere in running text."""
    found = markers(row.text)
    if not found:
        return False
    if found[0].sure or (ENDED.search(paragraph[-1].text) and row.x0 >= paragraph[0].x0 - row.height):
        return True
    listed = markers(paragraph[0].text)
    shift = row.x0 - paragraph[0].x0
    if listed and (shift < -_INDENT * row.height or (shift > _INDENT * row.height and found[0].value <= 1)):
        return True
    return abs(shift) < 2 * row.height and any(mine.follows(theirs) for mine in found for theirs in listed)
