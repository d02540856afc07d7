"""Atoms between linked neighbours: where the neighbours lead, the reading is woven in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from quire.grounding.links import Gap, Link, Links
from quire.grounding.weaving import weave

_MOST_CELLS: Final = 30_000
_REACH: Final = 8
_SMALL: Final = 16


def fill_gaps(links: Links, *, small: bool = False) -> None:
    """Links free atoms of the text with what is free beside the partners of their neighbours.

    The work is bounded for the whole page: a page that has little in common with the reading gets narrow bands.

    Args:
        small: fill only gaps of a few words whose neighbours on both sides lead to one place.
    """
    runs = [*links.free_said()]
    total = sum(end - start for start, end in runs)
    # A run's links change what is free for the runs after it, which is looked up anew.
    for start, end in runs:
        for gap in _small_gap(links, start, end) if small else _gaps(links, start, end):
            for link in _without_islands(weave(links.said, links.seen, gap, _share(gap, total)), gap):
                links.add(link)


def _small_gap(links: Links, start: int, end: int) -> Iterator[Gap]:
    left, right = _seen_before(links, start), _seen_after(links, end)
    if left is None or right is None or end - start > _SMALL or not 0 < right - left <= _SMALL:
        return
    if not any(links.seen_link[left:right]):
        yield Gap(start, end, left, right)


def _share(gap: Gap, total: int) -> int:
    return max(64, _MOST_CELLS * (gap.said_end - gap.said_start) // total)


def _gaps(links: Links, start: int, end: int) -> Iterator[Gap]:
    """Behind the partner of the atom before, and ahead of the partner of the one after; once, where that is one place.

    The second is made after the first is filled, of what that left.
    """
    reach = 2 * (end - start) + _REACH
    left, right = _seen_before(links, start), _seen_after(links, end)
    if left is not None:
        stop = _free_end(links, left, len(links.seen) if left == right else left + reach, right)
        if stop > left:
            yield Gap(start, end, left, stop)
            if stop == right:
                return
            start = next((at + 1 for at in range(end - 1, start - 1, -1) if links.said_link[at]), start)
    if right is not None and start < end:
        first = _free_start(links, right, right - reach)
        if first < right:
            yield Gap(start, end, first, right)


def _seen_before(links: Links, start: int) -> int | None:
    if start == 0:
        return 0
    link = links.said_link[start - 1]
    return None if link is None else link.seen_end


def _seen_after(links: Links, end: int) -> int | None:
    if end == len(links.said):
        return len(links.seen)
    link = links.said_link[end]
    return None if link is None else link.seen_start


def _free_end(links: Links, start: int, most: int, other: int | None) -> int:
    """Where the free atoms of the reading from `start` end; all of them when they reach the other neighbour."""
    stop = start
    while stop < len(links.seen) and links.seen_link[stop] is None:
        stop += 1
    return stop if stop == other else min(stop, most)


def _free_start(links: Links, end: int, least: int) -> int:
    start = end
    while start > max(0, least) and links.seen_link[start - 1] is None:
        start -= 1
    return start


def _without_islands(found: Sequence[Link], gap: Gap) -> Iterator[Link]:
    """Leaves out short runs amid much that differs on both sides: two texts share their small words by chance."""
    runs = [*_runs(found)]
    said = [gap.said_start, *(edge for run in runs for edge in (run[0].said_start, run[-1].said_end)), gap.said_end]
    seen = [gap.seen_start, *(edge for run in runs for edge in (run[0].seen_start, run[-1].seen_end)), gap.seen_end]
    for place, run in enumerate(runs):
        before, start, end, after = said[2 * place : 2 * place + 4]
        invented, unsaid = min(start - before, after - end), _margin(seen[2 * place : 2 * place + 4])
        if not _by_chance(end - start, invented, unsaid):
            yield from run


def _margin(edges: Sequence[int]) -> int:
    before, start, end, after = edges
    return min(start - before, after - end)


def _by_chance(length: int, invented: int, unsaid: int) -> bool:
    """Whether a run is lost among what is free on both sides of it, in the text or in both."""
    return min(invented, unsaid) > 2 * length or invented > 3 * length


def _runs(found: Sequence[Link]) -> Iterator[list[Link]]:
    run: list[Link] = []
    for link in found:
        if run and (link.said_start, link.seen_start) != (run[-1].said_end, run[-1].seen_end):
            yield run
            run = []
        run.append(link)
    if run:
        yield run
