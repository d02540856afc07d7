"""Long passages that both readings have, wherever they stand: columns and tables may be read in another order.

Greedy string tiling (Wise 1993) over n-grams: the longest common run first, each atom in one run at most. N-grams that
occur often are tried at their first places only, which bounds the work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from quire.grounding.links import Link, Links

_MOST_PLACES: Final = 4


class _Run(NamedTuple):
    length: int
    said: int
    seen: int


def lay_tiles(links: Links, size: int) -> None:
    """Links all common runs of free atoms of at least `size`, longest first, the earlier of equal ones first."""
    for run in sorted(_runs(links, size), key=lambda run: (-run.length, run.said, run.seen)):
        for start, end in _still_free(links, run):
            if end - start >= size:
                for step in range(start, end):
                    said, seen = run.said + step, run.seen + step
                    links.add(Link(said, said + 1, seen, seen + 1, 1.0))


def _runs(links: Links, size: int) -> Iterator[_Run]:
    """Runs out of the places where n-grams meet: those on one diagonal that follow each other."""
    places = _places(links, size)
    used: dict[tuple[str, ...], int] = defaultdict(int)
    meetings = []
    for start, end in links.free_said():
        for said in range(start, end - size + 1):
            gram = tuple(links.said[said : said + size])
            if gram in places and used[gram] < _MOST_PLACES:
                used[gram] += 1
                meetings += [(seen - said, said) for seen in places[gram]]
    meetings.sort()
    first = 0
    for place in range(1, len(meetings) + 1):
        if place == len(meetings) or meetings[place] != (meetings[place - 1][0], meetings[place - 1][1] + 1):
            diagonal, said = meetings[first]
            yield _Run(place - first + size - 1, said, said + diagonal)
            first = place


def _places(links: Links, size: int) -> dict[tuple[str, ...], list[int]]:
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for start, end in links.free_seen():
        for seen in range(start, end - size + 1):
            found = places[tuple(links.seen[seen : seen + size])]
            if len(found) < _MOST_PLACES:
                found.append(seen)
    return places


def _still_free(links: Links, run: _Run) -> Iterator[tuple[int, int]]:
    """What earlier tiles left of a run, as steps from its start."""
    start = 0
    for step in range(run.length + 1):
        taken = step == run.length or links.said_link[run.said + step] or links.seen_link[run.seen + step]
        if taken:
            if step > start:
                yield start, step
            start = step + 1
