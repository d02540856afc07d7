"""Tables: ruled, with three rules as books have them, or with no lines at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import accumulate
from typing import Final, Literal, NamedTuple

from quire.bench.drawing.structured.setting import Style, broken
from quire.bench.drawing.structured.sheet import Sheet

Rules = Literal["ruled", "booktabs", "borderless"]

_PAD: Final = 4.0


class TrueCell(NamedTuple):
    """One cell: a column span may cover several columns; rows are whole."""

    text: str
    span: int = 1


Row = tuple[TrueCell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that may be split between rows; its header is printed again then.

    Attributes:
        shares: width of each column relative to the others.
        right: columns whose text is set to the right.
    """

    header: tuple[Row, ...]
    rows: tuple[Row, ...]
    shares: tuple[float, ...]
    style: Style
    rules: Rules
    right: frozenset[int] = frozenset()
    before: float = 6.0
    keeps: bool = False

    def height(self, width: float) -> float:
        return sum(self._row_height(row, width) for row in (*self.header, *self.rows))

    def split(self, width: float, room: float) -> tuple[Grid, Grid] | None:
        """At least three rows on both sides."""
        room -= sum(self._row_height(row, width) for row in self.header)
        ends = accumulate(self._row_height(row, width) for row in self.rows)
        fitting = min(sum(end <= room for end in ends), len(self.rows) - 3)
        if fitting < 3:
            return None
        return replace(self, rows=self.rows[:fitting], keeps=False), replace(self, rows=self.rows[fitting:], before=0.0)

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        rows = (*self.header, *self.rows)
        text = "\n".join(" ".join(cell.text for cell in row if cell.text) for row in rows)
        sheet.piece(sheet.block("table", text, html=self.html), text)
        edges = [x, *(x + width * share / sum(self.shares) for share in accumulate(self.shares))]
        heights = [self._row_height(row, width) for row in rows]
        for place, (row, top) in enumerate(zip(rows, accumulate(heights, initial=y), strict=False)):
            self._draw_row(sheet, row, edges, top, heading=place < len(self.header))
        self._draw_rules(sheet, edges, [*accumulate(heights, initial=y)])

    @property
    def html(self) -> str:
        """The table as HTML."""
        rows = [*((row, "th") for row in self.header), *((row, "td") for row in self.rows)]
        return f"<table>{''.join(_html_row(row, tag) for row, tag in rows)}</table>"

    def _draw_row(self, sheet: Sheet, row: Row, edges: Sequence[float], top: float, *, heading: bool) -> None:
        style = replace(self.style, bold=heading)
        for column, cell in _placed(row):
            left, right = edges[column] + _PAD, edges[column + cell.span] - _PAD
            for number, line in enumerate(broken(cell.text.split(), right - left, style)):
                text = " ".join(line.words)
                at = right - style.width(text) if column in self.right else left
                at = (left + right - style.width(text)) / 2 if cell.span > 1 else at
                sheet.write(at, top + _PAD + 0.8 * style.size + number * style.leading, text, style)

    def _draw_rules(self, sheet: Sheet, edges: Sequence[float], levels: Sequence[float]) -> None:
        if self.rules == "booktabs":
            for level, weight in ((levels[0], 1.0), (levels[len(self.header)], 0.5), (levels[-1], 1.0)):
                sheet.rule(edges[0], level, edges[-1], level, weight=weight)
        if self.rules == "ruled":
            for level in levels:
                sheet.rule(edges[0], level, edges[-1], level)
            for place, row in enumerate((*self.header, *self.rows)):
                for edge in (*(edges[column] for column, _ in _placed(row)), edges[-1]):
                    sheet.rule(edge, levels[place], edge, levels[place + 1])

    def _row_height(self, row: Row, width: float) -> float:
        share = width / sum(self.shares)
        style = replace(self.style, bold=True)
        rooms = (
            (cell.text, sum(self.shares[column : column + cell.span]) * share - 2 * _PAD)
            for column, cell in _placed(row)
        )
        lines = max(len([*broken(text.split(), room, style)]) for text, room in rooms)
        return max(1, lines) * self.style.leading + 2 * _PAD - 2


def _placed(row: Row) -> Iterator[tuple[int, TrueCell]]:
    column = 0
    for cell in row:
        yield column, cell
        column += cell.span


def _html_row(row: Row, tag: str) -> str:
    cells = (
        f"<{tag}{f' colspan={chr(34)}{cell.span}{chr(34)}' if cell.span > 1 else ''}>{escape(cell.text)}</{tag}>"
        for cell in row
    )
    return f"<tr>{''.join(cells)}</tr>"
