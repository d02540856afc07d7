"""Lines in reading order, gathered into paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np
from numpy.typing import NDArray

from quire.document import Block, Line
from quire.geometry import union_box
from quire.layout.base import FoundFigure, FoundTable, Structure
from quire.layout.order import reading_order, straight_boxes
from quire.layout.rows import rows
from quire.view import PageView

_PARAGRAPH_GAP = 0.9
_SIZE_STEP = 1.4


def arrange(view: PageView, number: int, tables: Sequence[FoundTable], figures: Sequence[FoundFigure]) -> Structure:
    """Lines in reading order, and the blocks that refer to them by position."""
    boxes = straight_boxes([line.box for line in view.lines], view.skew_degrees)
    ordered: list[Line] = []
    blocks: list[Block] = []
    for region in reading_order(boxes):
        for paragraph in _paragraphs(boxes, rows(boxes, region)):
            first = len(ordered)
            members = [view.lines[index] for row in paragraph for index in row]
            ordered.extend(members)
            text = "\n".join(" ".join(view.lines[index].text for index in row) for row in paragraph)
            box = union_box(line.box for line in members)
            blocks.append(Block("paragraph", box, text, tuple(range(first, len(ordered)))))
    return Structure(tuple(ordered), tuple(blocks), (), ())


def _paragraphs(boxes: NDArray[np.float64], region: list[list[int]]) -> list[list[list[int]]]:
    """Rows of one region, parted where the gap between them or the size of their letters jumps."""
    result: list[list[list[int]]] = []
    for row in region:
        if result and _belongs(boxes[result[-1][-1]], boxes[row]):
            result[-1].append(row)
        else:
            result.append([row])
    return result


def _belongs(above: NDArray[np.float64], below: NDArray[np.float64]) -> bool:
    heights = sorted(median((row[:, 3] - row[:, 1]).tolist()) for row in (above, below))
    gap = float(below[:, 1].min() - above[:, 3].max())
    return bool(gap <= _PARAGRAPH_GAP * heights[0] and heights[1] <= _SIZE_STEP * heights[0])
