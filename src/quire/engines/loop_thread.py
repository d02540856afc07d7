"""An event loop on a thread of its own: for engines that ask servers, whose `read` is called from many threads."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from threading import Event, Thread
from typing import Any, Final, TypeVar

from quire.errors import Cancelled, EngineFailed

_STOP_LOOK_S: Final = 0.05
_CLOSE_S: Final = 5.0
_T = TypeVar("_T")


class LoopThread:
    """Runs coroutines for other threads. Once closed it is not started again.

    Args:
        first: awaited at the start; what it raises ends the start and closes the loop.
        last: awaited at the end, when nothing else runs any more.
    """

    def __init__(self, name: str, first: Callable[[], Awaitable[None]], last: Callable[[], Awaitable[None]]) -> None:
        self._name, self._first, self._last = name, first, last
        self._loop: asyncio.AbstractEventLoop
        self._thread: Thread | None = None
        self._stops: dict[asyncio.Task[Any], Event] = {}
        self._asides: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Does the first thing, unless the loop runs already."""
        if self._thread is not None:
            return
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name=self._name, daemon=True)
        self._thread.start()
        try:
            self.call(self._begin())
        except BaseException:
            self.close()
            raise

    def call(self, work: Coroutine[Any, Any, _T], stop: Event | None = None) -> _T:
        """What the work returns.

        Args:
            stop: once it is set, the work is cancelled within 0.1 seconds.

        Raises:
            Cancelled: `stop` was set, or the loop was closed meanwhile.
            EngineFailed: the loop does not run.
        """
        if self._thread is None:
            work.close()
            raise EngineFailed("the engine does not run: call start() first")
        stoppable = self._stoppable(work, stop)
        try:
            future = asyncio.run_coroutine_threadsafe(stoppable, self._loop)
        except RuntimeError as exc:
            stoppable.close()
            work.close()
            raise Cancelled("the engine was closed") from exc
        try:
            return future.result()
        except concurrent.futures.CancelledError as exc:
            raise Cancelled("whoever asked has left, or the engine was closed") from exc

    def keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs work beside the calls, until it ends or the loop is closed. Called inside the loop."""
        task = asyncio.ensure_future(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    def close(self) -> None:
        """Ends all work, and does the last thing."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        with contextlib.suppress(concurrent.futures.TimeoutError, concurrent.futures.CancelledError):
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(_CLOSE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        thread.join(_CLOSE_S)
        if not thread.is_alive():
            self._loop.close()

    async def _begin(self) -> None:
        self.keep(self._watch())
        await self._first()

    async def _stoppable(self, work: Coroutine[Any, Any, _T], stop: Event | None) -> _T:
        if stop is not None and stop.is_set():
            work.close()
            raise asyncio.CancelledError
        task = asyncio.current_task()
        if task is not None and stop is not None:
            self._stops[task] = stop
        try:
            return await work
        finally:
            if task is not None:
                self._stops.pop(task, None)

    async def _watch(self) -> None:
        """Cancels what nobody waits for: one look at all, instead of one waiting thread each."""
        while True:
            await asyncio.sleep(_STOP_LOOK_S)
            for task in [task for task, stop in self._stops.items() if stop.is_set()]:
                task.cancel()

    async def _end(self) -> None:
        own = asyncio.current_task()
        tasks = [task for task in asyncio.all_tasks() if task is not own]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._loop.shutdown_asyncgens()
        await self._last()
