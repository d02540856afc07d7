"""Comparing tables by which cells stand beside and below each other (ICDAR 2013 table competition).

Adjacency forgives a wrong row count and punishes what readers notice: values beside the wrong label.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from html.parser import HTMLParser
from itertools import groupby, pairwise
from typing import Final

from quire.bench.scoring.tally import Tally
from quire.bench.scoring.text import normalized

Relation = tuple[str, str, str]

_MAX_SPAN: Final = 100


class _Cell:
    """One cell; the same object stands at every place that it spans."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    @cached_property
    def text(self) -> str:
        return "".join(normalized("".join(self.parts), ignore_case=True).split())


class _Grid(HTMLParser):
    """The cells of an HTML table by (row, column), spans filled out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: dict[tuple[int, int], _Cell] = {}
        self._row, self._column = -1, 0
        self._open: _Cell | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._row, self._column = self._row + 1, 0
        elif tag in ("td", "th") and self._row >= 0:
            self._place(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.parts.append(data)

    def _place(self, attributes: dict[str, str | None]) -> None:
        while (self._row, self._column) in self.cells:
            self._column += 1
        self._open = _Cell()
        for row in range(span(attributes.get("rowspan"))):
            for column in range(span(attributes.get("colspan"))):
                self.cells[self._row + row, self._column + column] = self._open


def score_tables(truth: Sequence[str], read: Sequence[str]) -> Tally:
    """Compares tables given as HTML."""
    true_relations, read_relations = relations(truth), relations(read)
    return Tally(
        relations=true_relations.total(),
        relations_read=read_relations.total(),
        relations_shared=(true_relations & read_relations).total(),
    )


def relations(tables: Iterable[str]) -> Counter[Relation]:
    """Each cell with its next cell that is not blank to the right and below: (text, text, direction)."""
    found: Counter[Relation] = Counter()
    for html in tables:
        found.update(_relations(_Grid(html).cells))
    return found


def _relations(cells: Mapping[tuple[int, int], _Cell]) -> Iterator[Relation]:
    filled = {place: cell for place, cell in sorted(cells.items(), key=lambda item: item[0]) if cell.text}
    for direction, axis in (("right", 0), ("down", 1)):
        lines: dict[int, list[_Cell]] = defaultdict(list)
        for place, cell in filled.items():
            lines[place[axis]].append(cell)
        # A spanning cell stands several times in a line, and beside the same neighbour in several lines.
        neighbours = (pair for line in lines.values() for pair in pairwise(next(same) for _, same in groupby(line, id)))
        pairs = {(id(first), id(second)): (first, second) for first, second in neighbours}
        yield from ((first.text, second.text, direction) for first, second in pairs.values())


def table_text(html: str) -> str:
    """What stands in a table, for people: a line for each row."""
    rows: dict[int, dict[int, str]] = defaultdict(dict)
    seen: set[int] = set()
    for (row, _), cell in sorted(_Grid(html).cells.items(), key=lambda item: item[0]):
        rows[row][id(cell)] = "" if id(cell) in seen else " ".join("".join(cell.parts).split())
        seen.add(id(cell))
    return "\n".join("   ".join(filter(None, row.values())) for row in rows.values())


def span(value: str | None) -> int:
    """Rows or columns that an HTML attribute says a cell covers; 1 where it says nothing sensible."""
    digits = "".join(character for character in value or "" if character in "0123456789")
    return max(1, min(_MAX_SPAN, int(digits[:9] or 1)))
