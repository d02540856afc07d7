"""Short words of which the reading lost a letter, as line readers do."""

from __future__ import annotations

from typing import Final

from quire.grounding.atoms import is_number
from quire.grounding.links import Link, Links

_LIKENESS: Final = 0.5

_LONGEST: Final = 4
"""Letters; longer words are like enough without one."""


def link_clipped(links: Links) -> None:
    """Links an atom to what stands in its place, between linked neighbours, when but one letter is gone.

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
    if len(said) - len(seen) != 1 or len(said) > _LONGEST or is_number(said):
        return False
    return any(seen == said[:place] + said[place + 1 :] for place in range(len(said)))
