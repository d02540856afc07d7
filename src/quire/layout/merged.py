"""Lines that were read across the narrow gutter between two columns, taken apart again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from quire.document import Line
from quire.geometry import Quad, to_quad
from quire.layout.order import straight_boxes
from quire.view import PageView

_MAX_LINES = 3000
_MAX_GUTTERS = 6
# So many lines must begin at a gutter's end, and as many end before it.
_MIN_LINES = 4
# Lengths in line heights: how exactly columns and words begin there, how wide a gutter may be, half a column,
# lines of prose, the distance from one row to the next.
_ALIGNED = 0.5
_WORD_ALIGNED = 0.8
_GUTTER = 2.0
_HALF = 6.0
_WIDE = 10.0
_PITCH = 1.9
_CLEAR = 0.4


def parted(view: PageView) -> PageView:
    """The view, with a line of its own for each column where one was read across both; mostly the view itself.

    Lines above or below, which are not merged, must show where the gutter is.
    """
    if not 2 * _MIN_LINES <= len(view.lines) <= _MAX_LINES:
        return view
    boxes = straight_boxes([line.box for line in view.lines], view.skew_degrees)
    height = max(float(np.median(boxes[:, 3] - boxes[:, 1])), 1.0)
    for start in _column_starts(boxes, height):
        cuts = _cuts(view, boxes, start, height)
        if cuts:
            return parted(_cut(view, boxes, cuts, (start - _CLEAR * height, start)))
    return view


def _column_starts(boxes: NDArray[np.float64], height: float) -> list[float]:
    """The x where columns begin whose neighbours on the left end just before; most lines first."""
    starts = np.sort(boxes[:, 0])
    ends = np.sort(boxes[:, 2])
    reach = _ALIGNED * height
    begun = np.searchsorted(starts, starts + reach, "right") - np.searchsorted(starts, starts - reach)
    ended = np.searchsorted(ends, starts + reach) - np.searchsorted(ends, starts - _GUTTER * height)
    enough = (begun >= _MIN_LINES) & (ended >= _MIN_LINES)
    result: list[float] = []
    for place in np.argsort(-begun, kind="stable"):
        if enough[place] and all(abs(starts[place] - other) > 2 * height for other in result):
            result.append(float(starts[place]))
    return result[:_MAX_GUTTERS]


def _cuts(view: PageView, boxes: NDArray[np.float64], start: float, height: float) -> dict[int, int]:
    """For each line to take apart, before which of its words: runs of lines, all of which part at the gutter."""
    across = (boxes[:, 0] < start - _HALF * height) & (boxes[:, 2] > start + _HALF * height)
    wide = ~across & (boxes[:, 2] - boxes[:, 0] > _WIDE * height)
    left = wide & (np.abs(boxes[:, 2] - start + _GUTTER * height / 2) < _GUTTER * height)
    right = wide & (np.abs(boxes[:, 0] - start) < _ALIGNED * height)
    result: dict[int, int] = {}
    if min(left.sum(), right.sum()) < _MIN_LINES:
        return result
    for run in _runs(boxes, np.flatnonzero(across), height):
        if _within(boxes, run, left, height) and _within(boxes, run, right, height):
            words = [_word_at(view, line, start, height) for line in run]
            result |= {line: word for line, word in zip(run, words, strict=True) if word} if all(words) else {}
    return result


def _runs(boxes: NDArray[np.float64], lines: NDArray[np.int64], height: float) -> list[list[int]]:
    """Lines that follow one another from row to row."""
    result: list[list[int]] = []
    for line in lines[np.argsort(boxes[lines, 1])].tolist():
        if result and boxes[line, 1] - boxes[result[-1][-1], 1] < _PITCH * height:
            result[-1].append(line)
        else:
            result.append([line])
    return result


def _within(boxes: NDArray[np.float64], run: Sequence[int], column: NDArray[np.bool_], height: float) -> bool:
    """Whether a line of the column is next to the run, above or below."""
    tops = boxes[column, 1]
    above = boxes[run[0], 1] - tops
    below = tops - boxes[run[-1], 1]
    reach = _PITCH * height
    return bool(((above > 0) & (above < reach)).any() or ((below > 0) & (below < reach)).any())


def _word_at(view: PageView, line: int, start: float, height: float) -> int:
    """Position of the word that begins at `start`; 0 where none does, or where the words are not the line's text."""
    words = view.lines[line].words
    written = "".join(word.text for word in words)
    if len(words) < 2 or written != "".join(view.lines[line].text.split()):
        return 0
    begins = straight_boxes([word.box for word in words], view.skew_degrees)[:, 0]
    nearest = int(np.argmin(np.abs(begins - start)))
    return nearest if abs(float(begins[nearest]) - start) < _WORD_ALIGNED * height else 0


def _cut(view: PageView, boxes: NDArray[np.float64], cuts: dict[int, int], gutter: tuple[float, float]) -> PageView:
    """The view with lines in two before the words in `cuts`, clear of the gutter: x of its start and end, pixels."""
    lines: list[Line] = []
    for place, line in enumerate(view.lines):
        x0, _, x1, _ = boxes[place].tolist()
        shares = ((gutter[0] - x0) / max(x1 - x0, 1.0), (gutter[1] - x0) / max(x1 - x0, 1.0))
        lines += _halves(line, cuts[place], shares) if place in cuts else (line,)
    styles = [style for place, style in enumerate(view.styles) for _ in range(2 if place in cuts else 1)]
    return replace(view, lines=tuple(lines), styles=tuple(styles))


def _halves(line: Line, word: int, shares: tuple[float, float]) -> tuple[Line, Line]:
    """A line in two, before one of its words; words are placed by what was read, and less exactly than columns."""
    first, second = line.words[:word], line.words[word:]
    end = _end_of(line.text, sum(len(one.text) for one in first))
    return (
        replace(line, text=line.text[:end].strip(), box=_share(line.box, 0.0, shares[0]), words=first),
        replace(line, text=line.text[end:].strip(), box=_share(line.box, shares[1], 1.0), words=second),
    )


def _end_of(text: str, letters: int) -> int:
    """Where so many letters of a text end, spaces not counted."""
    return [place for place, letter in enumerate(text) if not letter.isspace()][letters - 1] + 1


def _share(quad: Quad, start: float, end: float) -> Quad:
    """The part of a line's quad between two shares of its length."""
    top_left, top_right, bottom_right, bottom_left = (np.array(point) for point in quad)
    top, bottom = top_right - top_left, bottom_right - bottom_left
    return to_quad(
        [top_left + start * top, top_left + end * top, bottom_left + end * bottom, bottom_left + start * bottom]
    )
