"""Which atoms of the text stand for which of the reading: every atom in at most one link."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Link(NamedTuple):
    """`said[said_start:said_end]` is borne out by `seen[seen_start:seen_end]`; several on one side read as one word."""

    said_start: int
    said_end: int
    seen_start: int
    seen_end: int
    likeness: float


class Gap(NamedTuple):
    """Atoms on both sides that are not linked yet and may belong together."""

    said_start: int
    said_end: int
    seen_start: int
    seen_end: int


class Links:
    """Links between two sequences of atoms.

    Attributes:
        said_link, seen_link: for each atom its link, or None.
    """

    def __init__(self, said: Sequence[str], seen: Sequence[str]) -> None:
        self.said, self.seen = said, seen
        self.said_link: list[Link | None] = [None] * len(said)
        self.seen_link: list[Link | None] = [None] * len(seen)

    def add(self, link: Link) -> None:
        """Links atoms that are all free."""
        self.said_link[link.said_start : link.said_end] = [link] * (link.said_end - link.said_start)
        self.seen_link[link.seen_start : link.seen_end] = [link] * (link.seen_end - link.seen_start)

    def remove(self, link: Link) -> None:
        """Frees the atoms of a link."""
        self.said_link[link.said_start : link.said_end] = [None] * (link.said_end - link.said_start)
        self.seen_link[link.seen_start : link.seen_end] = [None] * (link.seen_end - link.seen_start)

    def free_said(self) -> Iterator[tuple[int, int]]:
        """Runs of free atoms of the text, start and end."""
        return _free(self.said_link)

    def free_seen(self) -> Iterator[tuple[int, int]]:
        """Runs of free atoms of the reading, start and end."""
        return _free(self.seen_link)


def _free(links: Sequence[Link | None]) -> Iterator[tuple[int, int]]:
    start = None
    for place, link in enumerate(links):
        if link is None and start is None:
            start = place
        elif link is not None and start is not None:
            yield start, place
            start = None
    if start is not None:
        yield start, len(links)
