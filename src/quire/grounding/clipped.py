"""Words of which the reading lost a letter at an end, which line readers do beside wide spaces and full stops."""

from __future__ import annotations

from typing import Final

from quire.grounding.links import Link, Links

_LIKENESS: Final = 0.5


def link_clipped(links: Links) -> None:
    """Links an atom to what stands in its place, between linked neighbours, when but one letter at an end is gone.

    Too little to go by anywhere else: "ll" is a reading of "all" only where "all" must stand.
    """
    for start, end in [*links.free_said()]:
        before = links.said_link[start - 1] if start else None
        after = links.said_link[end] if end < len(links.said) else None
        if end - start != 1 or before is None or after is None or after.seen_start - before.seen_end != 1:
            continue
        if links.seen_link[before.seen_end] is None and _clipped(links.said[start], links.seen[before.seen_end]):
            links.add(Link(start, end, before.seen_end, after.seen_start, _LIKENESS))


def _clipped(said: str, seen: str) -> bool:
    return seen in (said[1:], said[:-1]) and not any(map(str.isdigit, said))
