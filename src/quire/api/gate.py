"""Admission: how many requests may be inside with their documents.

A request takes its place before its body is read, so what uploads hold is bounded as well. Nobody waits for a
place: a full house says so at once. One key gets no more than a part of the house, so that the others find room.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from quire.errors import Overloaded

_SHARE = 0.75


class Gate:
    """Places of one server, for one event loop.

    Args:
        places: requests that may be inside.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._each = max(1, round(places * _SHARE))
        self._inside: Counter[str] = Counter()

    @property
    def inside(self) -> int:
        return self._inside.total()

    @contextmanager
    def place(self, owner: str) -> Iterator[None]:
        """Holds a place inside.

        Args:
            owner: id of the key; empty where nobody is asked for one: all are one then.

        Raises:
            Overloaded: all places are taken, or the owner's share of them.
        """
        if self.inside >= self._places or (owner and self._inside[owner] >= self._each):
            raise Overloaded(
                "the server has as many requests waiting as it may: "
                "try again after the seconds that Retry-After names, or send a job to /v1/jobs"
            )
        self._inside[owner] += 1
        try:
            yield
        finally:
            self._inside[owner] -= 1
            if not self._inside[owner]:
                del self._inside[owner]
