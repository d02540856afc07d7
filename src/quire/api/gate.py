"""Admission: how many requests may be inside, and how many of them may be reading.

A request takes its place before its body is read, so what uploads hold is bounded as well. Nobody waits for a
place: a full house says so at once.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from quire.errors import Overloaded

_SMOOTHING = 0.3
_MAX_RETRY_AFTER_S = 60


class Gate:
    """Places and turns of one server, for one event loop.

    Args:
        turns: documents that may be read at the same time.
        queue_size: requests that may be inside beyond those.
    """

    def __init__(self, turns: int, queue_size: int) -> None:
        self._turns = turns
        self._places = turns + queue_size
        self._inside = 0
        self._semaphore = asyncio.Semaphore(turns)
        self._typical_s = 1.0

    @property
    def retry_after_s(self) -> int:
        """Seconds after which a place is likely to be free, judged by the recent turns; 1 to 60."""
        return max(1, min(_MAX_RETRY_AFTER_S, math.ceil(self._typical_s / self._turns)))

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Holds a place inside.

        Raises:
            Overloaded: all places are taken.
        """
        if self._inside >= self._places:
            raise Overloaded(
                "the server is reading as many documents as it may and its queue is full: "
                "try again after the seconds that Retry-After names"
            )
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for the turn to read, first come, first served, and holds it."""
        async with self._semaphore:
            started = time.monotonic()
            try:
                yield
            finally:
                self._typical_s += _SMOOTHING * (time.monotonic() - started - self._typical_s)
