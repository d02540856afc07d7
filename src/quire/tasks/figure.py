"""What is written inside a picture, grouped by where it stands: the labels of a chart, not what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from quire.document import Block, Line, ListItem, Page
from quire.geometry import Box, bounds, union_box

_MOST_LABELS: Final = 1000
_LEAST_GROUP: Final = 3
_MOST_GROUPS: Final = 40

# A title is higher than the other labels by so much, and begins in this part of the picture.
_TITLE_HEIGHT: Final = 1.15
_TITLE_PART: Final = 0.25
_OUTER_PART: Final = 0.3

# A figure that covers more of the page than this is the page: the labels of its axes lie around what was found.
_WHOLE_PAGE: Final = 0.25
_REACH: Final = 2.5


@dataclass(frozen=True, slots=True)
class _Label:
    """A line of the page with its upright box."""

    index: int
    line: Line
    box: Box

    @property
    def middle(self) -> tuple[float, float]:
        return (self.box.x0 + self.box.x1) / 2, (self.box.y0 + self.box.y1) / 2


def figure_blocks(page: Page) -> tuple[Block, ...]:
    """The labels of each figure, or of the page as one: its title, then lists of labels headed by their position."""
    labels = [_Label(index, line, bounds([line.box])) for index, line in enumerate(page.lines[:_MOST_LABELS])]
    areas = [bounds([figure.box]) for figure in page.figures]
    if not areas or any(area.area > _WHOLE_PAGE * page.width * page.height for area in areas):
        return tuple(_of_one(labels))
    blocks: list[Block] = []
    for figure, area in zip(page.figures, areas, strict=True):
        blocks.append(Block("heading", figure.box, figure.caption or f"Figure {figure.id}", (), level=1))
        blocks += _of_one(_inside(labels, area))
    return tuple(blocks)


def _inside(labels: Sequence[_Label], area: Box) -> list[_Label]:
    """Labels in the area or close to it, where those of axes are."""
    height = median([label.box.height for label in labels]) if labels else 0.0
    reach = _REACH * height
    wide = Box(area.x0 - reach, area.y0 - reach, area.x1 + reach, area.y1 + reach)
    return [label for label in labels if label.box.intersection(wide) > 0.9 * label.box.area]


def _of_one(labels: Sequence[_Label]) -> Iterator[Block]:
    if not labels:
        return
    area = bounds(label.line.box for label in labels)
    title = _title(labels, area)
    if title:
        text = " ".join(label.line.text for label in title)
        yield Block("title", union_box(label.line.box for label in title), text, tuple(label.index for label in title))
    rest = [label for label in labels if label not in title]
    for name, members in _groups(rest, area):
        box = union_box(label.line.box for label in members)
        lines = tuple(label.index for label in members)
        items = tuple(ListItem(label.line.text, 1, "•", False, (label.index,)) for label in members)
        yield Block("heading", box, name, (), level=2)
        yield Block("list", box, "\n".join(label.line.text for label in members), lines, items=items)


def _title(labels: Sequence[_Label], area: Box) -> list[_Label]:
    """The highest letters at the top, if they are higher than the others; of several lines, those of one size."""
    usual = median(label.box.height for label in labels)
    upper = [label for label in labels if label.middle[1] <= area.y0 + _TITLE_PART * area.height]
    highest = max((label.box.height for label in upper), default=0.0)
    if len(labels) < 2 or highest < _TITLE_HEIGHT * usual:
        return []
    lines = [label for label in upper if label.box.height >= 0.85 * highest]
    return sorted(lines, key=lambda label: label.box.y0)


def _groups(labels: Sequence[_Label], area: Box) -> Iterator[tuple[str, list[_Label]]]:
    """Rows and columns of labels, the longest first, and then all others together."""
    rest = list(labels)
    found: list[tuple[str, list[_Label]]] = []
    while len(rest) >= _LEAST_GROUP and len(found) < _MOST_GROUPS:
        row, column = max(_rows(rest), key=len), max(_columns(rest), key=len)
        longest = row if len(row) >= len(column) else column
        if len(longest) < _LEAST_GROUP:
            break
        found.append((_row_name(row, area) if longest is row else _column_name(column, area), longest))
        rest = [label for label in rest if label not in longest]
    yield from sorted(found, key=lambda group: (group[1][0].box.y0, group[1][0].box.x0))
    if rest:
        yield "Other labels", sorted(rest, key=lambda label: (label.box.y0, label.box.x0))


def _rows(labels: Sequence[_Label]) -> list[list[_Label]]:
    rows = _runs(sorted(labels, key=lambda label: label.middle[1]), lambda label: label.middle[1])
    return [sorted(row, key=lambda label: label.box.x0) for row in rows]


def _columns(labels: Sequence[_Label]) -> list[list[_Label]]:
    """Labels below each other that share their left edge, their right edge or their middle."""
    edges: tuple[Callable[[_Label], float], ...] = (_left, _right, _centre)
    columns = [run for edge in edges for run in _runs(sorted(labels, key=edge), edge)]
    return [sorted(column, key=lambda label: label.box.y0) for column in columns]


def _left(label: _Label) -> float:
    return label.box.x0


def _right(label: _Label) -> float:
    return label.box.x1


def _centre(label: _Label) -> float:
    return label.middle[0]


def _runs(labels: Sequence[_Label], place: Callable[[_Label], float]) -> list[list[_Label]]:
    """Sorted labels in runs whose places are no further apart than half a line."""
    runs: list[list[_Label]] = []
    for label in labels:
        if runs and place(label) - place(runs[-1][0]) <= 0.5 * min(label.box.height, runs[-1][0].box.height):
            runs[-1].append(label)
        else:
            runs.append([label])
    return runs


def _row_name(row: Iterable[_Label], area: Box) -> str:
    y = median(label.middle[1] for label in row)
    if y >= area.y1 - _OUTER_PART * area.height:
        return "Along the bottom"
    return "Along the top" if y <= area.y0 + _OUTER_PART * area.height else "In a row"


def _column_name(column: Iterable[_Label], area: Box) -> str:
    x = median(label.middle[0] for label in column)
    if x <= area.x0 + _OUTER_PART * area.width:
        return "Down the left"
    return "Down the right" if x >= area.x1 - _OUTER_PART * area.width else "In a column"
