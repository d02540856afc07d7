"""Whose page is read next: fair by page among owners and among the jobs of each, interactive pages before batch."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from quire.jobs.fair_queue import FairQueue

_SMOOTHING = 0.2
_MAX_RETRY_AFTER_S = 60
_KEPT_S = 0.1


@dataclass(frozen=True, slots=True)
class Lane:
    """Where pages queue.

    Attributes:
        owner: the API key that asks; owners get equal shares.
        job: the document or job; those of one owner get equal shares of its share.
        interactive: somebody waits for it: it goes before what nobody waits for.
    """

    owner: str
    job: str
    interactive: bool


@dataclass(eq=False, slots=True)
class _Waiter:
    lane: Lane
    since: float
    queued: bool = True
    granted: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Scheduler:
    """Hands out turns to read one page each; for one event loop.

    Interactive pages go first. While one is read, batch pages leave one slot more free than they would, since it is
    read with all cores where it can. A batch page that has waited for `patience_s` goes first all the same, one in
    each such time: nothing starves.

    Args:
        slots: pages that can be read at once, now; asked anew at each turn.
        on_wait: told of each granted turn, and the seconds that it has waited.
    """

    def __init__(
        self,
        slots: Callable[[], int],
        *,
        patience_s: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
        on_wait: Callable[[Lane, float], None] = lambda _lane, _seconds: None,
    ) -> None:
        self._slots = slots
        self._patience_s = patience_s
        self._clock = clock
        self._on_wait = on_wait
        self._interactive: FairQueue[_Waiter] = FairQueue()
        self._batch: FairQueue[_Waiter] = FairQueue()
        self._kept: dict[Lane, asyncio.TimerHandle] = {}
        self._running = 0
        self._interactive_running = 0
        self._batch_granted = -math.inf
        self._typical_s = 1.0

    @property
    def waiting(self) -> int:
        return len(self._interactive) + len(self._batch)

    @property
    def waiting_interactive(self) -> int:
        return len(self._interactive)

    @property
    def running(self) -> int:
        return self._running

    @property
    def retry_after_s(self) -> int:
        """Seconds after which the queue is likely to have moved on, 1 to 60."""
        seconds = self._typical_s * (self.waiting + 1) / max(1, self._slots())
        return max(1, min(_MAX_RETRY_AFTER_S, math.ceil(seconds)))

    @asynccontextmanager
    async def turn(self, lane: Lane, *, more: bool = False) -> AsyncIterator[None]:
        """Waits for a turn and holds it.

        Nobody is refused here: who lets documents in bounds how many wait, each with a few pages at a time.

        Args:
            more: the lane asks for its next turn at once when this one went well: it has it without waiting again.
        """
        await self._granted(_Waiter(lane, self._clock()))
        started = self._clock()
        keep = False
        try:
            yield
            keep = more
        finally:
            self._typical_s += _SMOOTHING * (self._clock() - started - self._typical_s)
            if keep and lane not in self._kept:
                self._kept[lane] = asyncio.get_running_loop().call_later(_KEPT_S, self._let_go, lane)
            else:
                self._release(lane)

    def wake(self) -> None:
        """Grants what can be granted: to be called when there are more slots than before."""
        while (waiter := self._next()) is not None:
            waiter.queued = False
            if waiter.granted.cancelled():
                continue  # who waited has left, and had no time to say so
            self._running += 1
            self._interactive_running += waiter.lane.interactive
            waiter.granted.set_result(None)

    async def _granted(self, waiter: _Waiter) -> None:
        kept = self._kept.pop(waiter.lane, None)
        if kept is not None:
            kept.cancel()
            self._on_wait(waiter.lane, 0.0)
            return
        queue = self._interactive if waiter.lane.interactive else self._batch
        path = (waiter.lane.owner, waiter.lane.job)
        queue.push(path, waiter)
        self.wake()
        try:
            await waiter.granted
        except asyncio.CancelledError:
            if waiter.queued:
                queue.remove(path, waiter)
            elif not waiter.granted.cancelled():
                self._release(waiter.lane)
            raise
        self._on_wait(waiter.lane, self._clock() - waiter.since)

    def _let_go(self, lane: Lane) -> None:
        """Frees a kept turn that nobody came for."""
        del self._kept[lane]
        self._release(lane)

    def _release(self, lane: Lane) -> None:
        self._running -= 1
        self._interactive_running -= lane.interactive
        self.wake()

    def _next(self) -> _Waiter | None:
        slots = self._slots()
        if self._running >= slots:
            return None
        if self._batch_is_due():
            self._batch_granted = self._clock()
            return self._batch.pop()
        if self._interactive:
            return self._interactive.pop()
        if self._batch and self._running + self._interactive_running < slots:
            self._batch_granted = self._clock()
            return self._batch.pop()
        return None

    def _batch_is_due(self) -> bool:
        first = self._batch.first()
        if first is None:
            return False
        return self._clock() - max(first.since, self._batch_granted) >= self._patience_s
