"""What goes on over pages: paragraphs, lists and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from quire.document import BlockKind
from quire.layout.ends import EDGE_BLOCKS, Edge, PageEnds, TableEdge

_SAME_SIZE: Final = 1.15
_SAME_EDGE: Final = 0.03
_LOW: Final = 0.55
_HIGH: Final = 0.4

# What floats at the top or the bottom of a page while the text goes on around it.
_FLOATING: Final = frozenset({"table", "figure", "caption", "footnote"})


@dataclass(frozen=True, slots=True)
class Continuation:
    """What on a page goes on from the page before.

    Attributes:
        block: index of the page's paragraph or list that does.
        table_block, table: index of the table's block, and of the table.
        repeats_head: whether the table's first row is the header once more.
    """

    block: int | None = None
    table_block: int | None = None
    table: int | None = None
    repeats_head: bool = False


def find_continuations(
    ends: Iterable[PageEnds], margins: Mapping[int, Mapping[int, BlockKind]]
) -> dict[int, Continuation]:
    """By the number of the page that goes on; only of pages that follow each other.

    Args:
        margins: blocks that turned out to be headers and footers, by page and block.
    """
    inner = [_without(page, margins.get(page.page, {})) for page in sorted(ends, key=lambda page: page.page)]
    result = {}
    for before, after in pairwise(inner):
        if after.page != before.page + 1:
            continue
        found = _table_goes_on(before.last, after.first) or _text_goes_on(before.last, after.first)
        if found:
            result[after.page] = found
    return result


def _without(page: PageEnds, margins: Mapping[int, BlockKind]) -> PageEnds:
    first, last = ([edge for edge in edges if edge.index not in margins] for edges in (page.first, page.last))
    return PageEnds(page.page, tuple(first[:EDGE_BLOCKS]), tuple(last[:EDGE_BLOCKS]))


def _text_goes_on(before: Sequence[Edge], after: Sequence[Edge]) -> Continuation | None:
    last = next((edge for edge in before if edge.kind not in _FLOATING), None)
    first = next((edge for edge in after if edge.kind not in _FLOATING), None)
    if last is None or first is None or not _alike(last, first):
        return None
    return Continuation(block=first.index) if _goes_on(last, first) else None


def _alike(last: Edge, first: Edge) -> bool:
    # What is left over for the next page may be one short line.
    if last.direction != first.direction or not last.running:
        return False
    if last.size and first.size and not 1 / _SAME_SIZE <= last.size / first.size <= _SAME_SIZE:
        return False
    return last.kind == first.kind and last.kind in ("paragraph", "list")


def _goes_on(last: Edge, first: Edge) -> bool:
    """Whether a reader would read on without a pause."""
    if last.kind == "list":
        # Items are counted or marked: those of the next page belong to the list unless it has ended with a sentence.
        return first.amid and (first.small or not last.ended)
    if last.ended:
        return False
    # Scripts without capitals, and a line that is full before a name or a figure.
    return last.broken or first.small or last.full


def _table_goes_on(before: Sequence[Edge], after: Sequence[Edge]) -> Continuation | None:
    last = next((edge for edge in before if edge.kind not in ("footnote", "caption")), None)
    place = next((place for place, edge in enumerate(after) if edge.kind != "caption"), None)
    if last is None or place is None or last.table is None:
        return None
    first, captions = after[place], after[:place]
    if first.table is None or not _same_table(last.table, first.table):
        return None
    if captions and not _same_caption(captions, [edge for edge in before if edge.kind == "caption"]):
        return None
    repeats = bool(first.table.head) and first.table.head == last.table.head
    if first.table.marked and last.table.marked and not repeats:
        return None
    return Continuation(table_block=first.index, table=first.table.index, repeats_head=repeats)


def _same_table(last: TableEdge, first: TableEdge) -> bool:
    """Whether one could be the rest of the other: as many columns, the same edges, at the pages' ends."""
    return (
        last.columns == first.columns
        and abs(last.left - first.left) <= _SAME_EDGE
        and abs(last.right - first.right) <= _SAME_EDGE
        and last.bottom >= _LOW
        and first.top <= _HIGH
    )


def _same_caption(captions: Sequence[Edge], earlier: Sequence[Edge]) -> bool:
    """Whether the captions say "continued", or what the table's caption on the page before said."""
    names = {edge.name for edge in earlier}
    return all(edge.continued or edge.name in names for edge in captions)
