"""Comparing tables as trees: TEDS (Zhong et al., arXiv:1911.10683), by Zhang and Shasha's tree edit distance (1989).

Header cells count as cells and header groups as nothing, since readers and truths disagree on them alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from typing import Final

from quire.bench.scoring.tables import relations, span
from quire.bench.scoring.text import edit_distance, normalized

MOST_NODES: Final = 3000
"""Larger tables would take minutes; they are left out, and counted."""


@dataclass(frozen=True, slots=True)
class _Node:
    """One node; `text` and spans are a cell's.

    Attributes:
        first: position of the first leaf below it, in post-order.
    """

    tag: str
    spans: tuple[int, int]
    text: str
    first: int


def teds(truth: str, read: str) -> float | None:
    """Similarity of two tables given as HTML, 0 to 1; None where one is larger than can be compared."""
    first, second = _nodes(truth), _nodes(read)
    if max(len(first), len(second)) > MOST_NODES:
        return None
    return 1 - _distance(first, second) / max(len(first), len(second))


def table_scores(truth: Sequence[str], read: Sequence[str]) -> list[float]:
    """TEDS of each true table with the read one it has most neighbours in common with; 0 where there is none."""
    free = {place: relations([html]) for place, html in enumerate(read)}
    scores = []
    for html in truth:
        wanted = relations([html])
        best = max(free, key=lambda place: (wanted & free[place]).total(), default=None)
        if best is None or not (wanted & free[best]):
            scores.append(0.0)
            continue
        del free[best]
        score = teds(html, read[best])
        scores.extend([] if score is None else [score])
    return scores


class _Tree(HTMLParser):
    """A table's cells, row by row."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[tuple[tuple[int, int], list[str]]]] = []
        self._open: list[str] | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            named = dict(attrs)
            self._open = []
            self.rows[-1].append(((span(named.get("rowspan")), span(named.get("colspan"))), self._open))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.append(data)


def _nodes(html: str) -> list[_Node]:
    """The tree in post-order: a table of rows of cells."""
    nodes: list[_Node] = []
    for row in _Tree(html).rows:
        start = len(nodes)
        nodes += [
            _Node("td", spans, normalized("".join(parts), ignore_case=True), start + place)
            for place, (spans, parts) in enumerate(row)
        ]
        nodes.append(_Node("tr", (1, 1), "", start))
    nodes.append(_Node("table", (1, 1), "", 0))
    return nodes


def _distance(first: Sequence[_Node], second: Sequence[_Node]) -> float:
    """Tree edit distance: what is put in or left out costs 1, a changed cell as much as its text differs."""
    trees = [[0.0] * len(second) for _ in first]
    for i in _key_roots(first):
        for j in _key_roots(second):
            _forest(first, second, i, j, trees)
    return trees[-1][-1]


def _forest(first: Sequence[_Node], second: Sequence[_Node], i: int, j: int, trees: list[list[float]]) -> None:
    """Fills in the distances of all pairs of subtrees that start where those of `i` and `j` do."""
    top, left = first[i].first, second[j].first
    above = [float(column) for column in range(j - left + 2)]
    rows = [above]
    for a in range(top, i + 1):
        before, row = rows[-1], [rows[-1][0] + 1]
        one, known = first[a], trees[a]
        for b in range(left, j + 1):
            column = b - left + 1
            other = second[b]
            cheapest = min(before[column], row[-1]) + 1
            if one.first == top and other.first == left:
                known[b] = min(cheapest, before[column - 1] + _change(one, other))
                row.append(known[b])
            else:
                row.append(min(cheapest, rows[one.first - top][other.first - left] + known[b]))
        rows.append(row)


def _key_roots(nodes: Sequence[_Node]) -> list[int]:
    """The last node of each that start at one leaf, in order."""
    return sorted({node.first: place for place, node in enumerate(nodes)}.values())


def _change(one: _Node, other: _Node) -> float:
    if one.tag != other.tag or one.spans != other.spans:
        return 1.0
    return _text_change(one.text, other.text) if one.text != other.text else 0.0


@lru_cache(maxsize=200_000)
def _text_change(one: str, other: str) -> float:
    return edit_distance(one, other) / max(len(one), len(other))
