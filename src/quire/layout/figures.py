"""Pictures and drawings of a page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quire.geometry import Box, bounds
from quire.layout.base import FoundFigure, FoundTable
from quire.view import PageView

_MAX_PICTURES = 200
# Shares of the page: smaller pictures are ornaments, larger ones its background.
_MIN_SIDE = 0.012
_MIN_AREA = 0.0006
_MAX_AREA = 0.9
# Shares of a picture that lines cover: more is text on a ground of its own, or a scan of text.
_MAX_TEXT = 0.35
_INSIDE = 0.6
_PROSE_LINES = 4
_PROSE_WIDTH = 10.0


def find_figures(view: PageView, tables: Sequence[FoundTable]) -> tuple[FoundFigure, ...]:
    """The figures of a page, from top to bottom; no line of a table belongs to one."""
    if not view.pictures:
        return ()
    taken = {line for table in tables for line in table.lines}
    lines = np.array([bounds([line.box]) for line in view.lines], np.float64).reshape(-1, 4)
    found = []
    for box in _areas(view, [bounds([table.table.box]) for table in tables]):
        inside = [line for line in _inside(lines, box) if line not in taken]
        if not _is_text(box, lines[inside]):
            found.append(FoundFigure(box, frozenset(inside)))
            taken.update(inside)
    return tuple(found)


def _areas(view: PageView, tables: Sequence[Box]) -> list[Box]:
    """Areas that may be figures, those that touch in one; top to bottom."""
    page = Box(0, 0, view.width, view.height)
    clipped = [Box(max(0, x0), max(0, y0), min(page.x1, x1), min(page.y1, y1)) for x0, y0, x1, y1 in view.pictures]
    clipped.sort(key=lambda box: -box.area)
    usable = [box for box in clipped[:_MAX_PICTURES] if 0 < box.area < _MAX_AREA * page.area]
    merged = _merged(usable, reach=0.004 * min(page.x1, page.y1))
    apart = [box for box in merged if not any(box.intersection(table) > 0.5 * box.area for table in tables)]
    return sorted((box for box in apart if _matters(box, page)), key=lambda box: (box.y0, box.x0))


def _matters(box: Box, page: Box) -> bool:
    sides = min(box.width / page.x1, box.height / page.y1)
    return sides >= _MIN_SIDE and _MIN_AREA * page.area <= box.area < _MAX_AREA * page.area


def _merged(boxes: Sequence[Box], reach: float) -> list[Box]:
    """Boxes of which no two come closer than `reach` pixels: those that do are one."""
    result: list[Box] = []
    for box in boxes:
        whole, again = box, True
        while again:
            near = [other for other in result if _touch(whole, other, reach)]
            again = bool(near)
            result = [other for other in result if other not in near]
            whole = bounds([whole.quad, *(other.quad for other in near)])
        result.append(whole)
    return result


def _touch(one: Box, other: Box, reach: float) -> bool:
    return (
        one.x0 - reach < other.x1
        and other.x0 - reach < one.x1
        and one.y0 - reach < other.y1
        and other.y0 - reach < one.y1
    )


def _inside(lines: NDArray[np.float64], box: Box) -> list[int]:
    """Indices of the lines that lie in the box for the most part."""
    if not len(lines):
        return []
    size = np.minimum(lines[:, 2:], box[2:]) - np.maximum(lines[:, :2], box[:2])
    shared = np.prod(np.maximum(size, 0), axis=1)
    area = np.prod(np.maximum(lines[:, 2:] - lines[:, :2], 1e-6), axis=1)
    return [int(line) for line in np.flatnonzero(shared > _INSIDE * area)]


def _is_text(box: Box, lines: NDArray[np.float64]) -> bool:
    """Whether an area is text on a ground of its own, or a scan of text, and no picture with labels."""
    if not len(lines):
        return False
    size = lines[:, 2:] - lines[:, :2]
    covered = float(np.prod(size, axis=1).sum()) / box.area
    prose = int((size[:, 0] > _PROSE_WIDTH * size[:, 1]).sum())
    wide = float(size[:, 0].max()) > 0.5 * box.width
    return covered > _MAX_TEXT or (prose >= _PROSE_LINES and wide) or (wide and covered > _MAX_TEXT / 2)
