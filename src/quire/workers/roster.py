"""Who is free and who waits: hands workers to those who ask, first come, first served."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from quire.engines.base import EngineInfo
from quire.errors import Cancelled, EngineStartError, Overloaded, QuireError
from quire.workers.worker import Worker

_MOST_WAITING: Final = 1000
_STARTS_IN_VAIN: Final = 5
"""Of each place: what may go wrong, with pauses between, before an engine that once ran counts as broken."""


@dataclass(eq=False, slots=True)
class _Waiter:
    """Who waits for a worker: one that has nothing else in hand, if `alone`."""

    alone: bool
    found: asyncio.Future[Worker] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Roster:
    """The workers of a pool that are there, and the tasks that wait for one. For one event loop.

    Args:
        places: workers that there are when all goes well.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        # Set as soon as a worker came, or could not be started.
        self._news = asyncio.Event()
        self._info: EngineInfo | None = None
        self._present: set[Worker] = set()
        # The one used last is taken first: it may have the document open.
        self._free: list[Worker] = []
        self._waiting: deque[_Waiter] = deque()
        self._failure: QuireError | None = None
        self._failures = 0
        self._closed = False

    @property
    def free(self) -> int:
        """Workers that nobody uses."""
        return len(self._free)

    @property
    def pages_at_once(self) -> int:
        """What one worker takes; 1 until that is known."""
        return self._info.pages_at_once if self._info else 1

    @property
    def waiting(self) -> int:
        """Tasks that wait for a worker."""
        return len(self._waiting)

    async def engine(self, wait_s: float) -> EngineInfo:
        """What the workers read with, waiting up to `wait_s` seconds for the first of them.

        Raises:
            EngineStartError: the engine is still loading.
            QuireError: why there is no worker.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self._news.wait()
        self._check_failure()
        if self._info is None:
            raise EngineStartError("the engine is still loading: try again in a few seconds")
        return self._info

    def join(self, worker: Worker) -> None:
        """A worker came."""
        self._present.add(worker)
        self._info = worker.info
        self._failure, self._failures = None, 0
        self._news.set()
        self.release(worker)

    def leave(self, worker: Worker) -> None:
        """A worker is gone, or takes no further tasks."""
        self._present.discard(worker)
        with suppress(ValueError):
            self._free.remove(worker)

    def release(self, worker: Worker) -> None:
        """A worker may have room for another task: it goes to whoever waits longest."""
        if worker not in self._present or not worker.usable:
            return
        with suppress(ValueError):
            self._free.remove(worker)
        while self._waiting:
            waiter = self._waiting[0]
            if waiter.alone and worker.busy and not waiter.found.done():
                return  # It gets nothing more, so that it has nothing left soon, and comes here again.
            self._waiting.popleft()
            if not waiter.found.done():
                waiter.found.set_result(worker)
                return
        self._free.append(worker)

    def fail(self, error: QuireError) -> None:
        """A worker could not be started; when there is no hope for another, nobody needs to wait."""
        self._failure, self._failures = error, self._failures + 1
        self._news.set()
        if self._hopeless:
            self._dismiss(error)

    def close(self) -> None:
        """Hands out no further worker."""
        self._closed = True
        self._dismiss(_stopping())

    async def take(self, wait_s: float, *, alone: bool) -> Worker:
        """A worker, which must be given a task at once.

        Args:
            wait_s: how long to wait for one.
            alone: one that has nothing else in hand; who needs that goes before all others.

        Raises:
            Overloaded: none became free, or too many wait already.
            QuireError: there is none, and why.
            Cancelled: the pool is stopping.
        """
        self._check()
        worker = self._free_one(alone=alone)
        if worker is not None:
            return worker
        try:
            async with asyncio.timeout(wait_s):
                return await self._wait(alone=alone)
        except TimeoutError:
            raise Overloaded("all page workers have been busy for long: try again later") from None

    def _free_one(self, *, alone: bool) -> Worker | None:
        if self._waiting and not alone:
            return None
        self._free = [worker for worker in self._free if worker.usable]
        for worker in reversed(self._free):
            if not (alone and worker.busy):
                self._free.remove(worker)
                return worker
        return None

    def _check(self) -> None:
        if self._closed:
            raise _stopping()
        self._check_failure()
        if len(self._waiting) >= _MOST_WAITING:
            raise Overloaded("too many pages wait for a worker: try again later")

    def _check_failure(self) -> None:
        if self._failure is not None and self._hopeless:
            # Many report the one failure: each needs an exception of its own to carry its traceback.
            raise type(self._failure)(self._failure.detail)

    @property
    def _hopeless(self) -> bool:
        """Whether there is no worker, and none to be expected: an engine that has run before gets some more tries."""
        if any(worker.loss is None for worker in self._present):
            return False
        return self._failures >= (1 if self._info is None else _STARTS_IN_VAIN * self._places)

    async def _wait(self, *, alone: bool) -> Worker:
        first = alone
        while True:
            waiter = _Waiter(alone)
            (self._waiting.appendleft if first else self._waiting.append)(waiter)
            try:
                worker = await waiter.found
            except asyncio.CancelledError:
                self._withdraw(waiter)
                raise
            if worker.usable and not (alone and worker.busy):
                return worker
            # It was lost on the way here, or got its fill.
            first = True

    def _withdraw(self, waiter: _Waiter) -> None:
        """Whoever waited has left: a worker that was on its way to them goes to the next."""
        with suppress(ValueError):
            self._waiting.remove(waiter)
        found = waiter.found
        if found.done() and not found.cancelled() and not found.exception():
            self.release(found.result())

    def _dismiss(self, error: QuireError) -> None:
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.found.done():
                waiter.found.set_exception(type(error)(error.detail))


def _stopping() -> Cancelled:
    return Cancelled("the server is shutting down: send it again")
