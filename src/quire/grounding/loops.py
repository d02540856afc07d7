"""Passages that are said again at once: the first time is borne out, as the later ones are the loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from quire.grounding.links import Link, Links

_LEAST: Final = 3
"""Atoms that must repeat, where the repetition does not begin at once."""

_REACH: Final = 400


def prefer_first(links: Links, lines: Sequence[int]) -> None:
    """Moves links from a passage to the same passage right before it, where that is free.

    What is left without support begins with a line where it can: loops repeat lines, and lines begin alike.

    Args:
        lines: of each atom of the text.
    """
    for start, end in [*links.free_said()]:
        origin = _origin(links, start, end)
        if origin is not None:
            moved = _movable(links, origin, end)
            for link in _whole_lines(moved, origin - end, lines):
                links.remove(link)
                shift = origin - end
                links.add(link._replace(said_start=link.said_start + shift, said_end=link.said_end + shift))


def _origin(links: Links, start: int, end: int) -> int | None:
    """Where in a free run the passage behind it is said for the first time."""
    passage = links.said[end : end + _LEAST]
    if not passage:
        return None
    if links.said[start] == passage[0]:
        return start
    stop = min(end, start + _REACH)
    return next((at for at in range(start + 1, stop) if links.said[at : at + _LEAST] == passage), None)


def _movable(links: Links, free: int, place: int) -> list[Link]:
    """Links that may move: as long as the atoms are the same and what they move to is free, or is itself moved on."""
    found: list[Link] = []
    first = place
    while place < len(links.said) and (link := links.said_link[place]) is not None:
        width = link.said_end - link.said_start
        same = links.said[free : free + width] == links.said[place : place + width]
        if free + width > place or not same or (free < first and any(links.said_link[free : free + width])):
            break
        found.append(link)
        free, place = free + width, place + width
    return found


def _whole_lines(moved: list[Link], shift: int, lines: Sequence[int]) -> list[Link]:
    """As many of the links as leave a free run that begins with a line; all where none does."""
    for count in range(len(moved), -1, -1):
        at = (moved[count - 1].said_end if count else moved[0].said_start if moved else 0) + shift
        if at == 0 or (at < len(lines) and lines[at] != lines[at - 1]):
            return moved[:count]
    return moved
