"""The text's atoms aligned to the reading's, in whichever order each was read.

Anchors first, as in patience diff: long common passages, wherever they are. Then what stands between them, then short
pieces that are lines of their own, as table cells are. A word that is elsewhere on the page bears out nothing.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from quire.grounding.clipped import link_clipped
from quire.grounding.filling import fill_gaps
from quire.grounding.links import Link, Links
from quire.grounding.loops import prefer_first
from quire.grounding.texts import Said, Seen
from quire.grounding.tiles import lay_tiles

_LONG: Final = 8
_SHORT: Final = 3
_LONGEST_PIECE: Final = 8


def align(said: Said, seen: Seen) -> Links:
    """Links every atom of the text to at most one place of the reading."""
    links = Links([atom.key for atom in said.atoms], [atom.key for atom in seen.atoms])
    lay_tiles(links, _LONG)
    # Near neighbours first: a short passage elsewhere may be the same by chance.
    fill_gaps(links, small=True)
    lay_tiles(links, _SHORT)
    fill_gaps(links)
    _link_whole_lines(links, [seen.words[atom.word].line for atom in seen.atoms])
    fill_gaps(links)
    link_clipped(links)
    prefer_first(links, [said.words[atom.word].line for atom in said.atoms])
    return links


def _link_whole_lines(links: Links, lines: Sequence[int]) -> None:
    """Short lines of the reading that the text has as they are, in any place: cells, labels, page numbers."""
    pieces = _free_lines(links, lines)
    for start, end in [*links.free_said()]:
        at = start
        while at < end:
            at += next(
                (size for size in range(min(_LONGEST_PIECE, end - at), 0, -1) if _linked(links, pieces, at, size)), 1
            )


def _free_lines(links: Links, lines: Sequence[int]) -> dict[tuple[str, ...], deque[int]]:
    pieces: dict[tuple[str, ...], deque[int]] = defaultdict(deque)
    for _, group in groupby(range(len(lines)), key=lines.__getitem__):
        places = [*group]
        if len(places) <= _LONGEST_PIECE and not any(links.seen_link[place] for place in places):
            pieces[tuple(links.seen[places[0] : places[-1] + 1])].append(places[0])
    return pieces


def _linked(links: Links, pieces: dict[tuple[str, ...], deque[int]], at: int, size: int) -> bool:
    places = pieces.get(tuple(links.said[at : at + size]))
    if not places:
        return False
    seen = places.popleft()
    for step in range(size):
        links.add(Link(at + step, at + step + 1, seen + step, seen + step + 1, 1.0))
    return True
