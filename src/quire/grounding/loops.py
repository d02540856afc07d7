"""Passages that are said again at once: the first time is borne out, as the later ones are the loop."""

from __future__ import annotations

from typing import Final

from quire.grounding.links import Links

_LEAST: Final = 3
"""Atoms that must repeat, where the repetition does not begin at once."""

_REACH: Final = 400


def prefer_first(links: Links) -> None:
    """Moves links from a passage to the same passage right before it, where that is free."""
    for start, end in [*links.free_said()]:
        origin = _origin(links, start, end)
        if origin is not None:
            _move(links, origin, end)


def _origin(links: Links, start: int, end: int) -> int | None:
    """Where in a free run the passage behind it is said for the first time."""
    passage = links.said[end : end + _LEAST]
    if not passage:
        return None
    if links.said[start] == passage[0]:
        return start
    stop = min(end, start + _REACH)
    return next((at for at in range(start + 1, stop) if links.said[at : at + _LEAST] == passage), None)


def _move(links: Links, free: int, place: int) -> None:
    """Link after link, as long as the atoms are the same and what they move to is free."""
    while place < len(links.said) and (link := links.said_link[place]) is not None:
        width = link.said_end - link.said_start
        target = links.said_link[free : free + width]
        if free + width > place or any(target) or links.said[free : free + width] != links.said[place : place + width]:
            return
        links.remove(link)
        links.add(link._replace(said_start=free, said_end=free + width))
        free, place = free + width, place + width
