"""One place in the pool: keeps a worker in it, whatever happens to workers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Final, NoReturn

from quire.errors import EngineStartError, QuireError
from quire.workers.config import WorkerConfig
from quire.workers.roster import Roster
from quire.workers.stats import Tally, WorkerStats
from quire.workers.worker import Worker

_log = logging.getLogger(__name__)

_FIRST_PAUSE_S: Final = 0.25
_LONGEST_PAUSE_S: Final = 30.0


async def at_once() -> None:
    """For engines that need nothing but themselves."""


class Slot:
    """Starts a worker, replaces it when it is lost or worn out, and ends it with the pool.

    Args:
        turn: held while the successor of a worn-out worker starts: both are in memory then, so one at a time.
        before_start: as in `WorkerPool`.
    """

    def __init__(
        self,
        config: WorkerConfig,
        roster: Roster,
        tally: Tally,
        turn: asyncio.Lock,
        before_start: Callable[[], Awaitable[None]],
    ) -> None:
        self._config = config
        self._roster = roster
        self._tally = tally
        self._turn = turn
        self._before_start = before_start
        self._worker: Worker | None = None
        self._parting: dict[asyncio.Task[None], Worker] = {}
        self._keeper: asyncio.Task[NoReturn] | None = None
        self._had = 0
        self._fruitless = 0

    def start(self) -> None:
        """Starts a worker and keeps one here until `stop`; does not wait."""
        self._keeper = asyncio.create_task(self._keep())

    async def idle(self) -> None:
        """Waits until no worker of this place has a task in hand."""
        for worker in self._workers():
            await worker.idle()

    async def stop(self) -> None:
        """Kills the workers of this place, whatever they have in hand, and waits until they are gone."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        for worker in self._workers():
            await worker.end()
        if self._parting:
            await asyncio.wait(self._parting)

    def stats(self) -> WorkerStats:
        """This place now."""
        worker = self._worker
        if worker is None or worker.loss:
            return WorkerStats(None, "starting", 0, 0, self._had)
        return WorkerStats(worker.pid, "busy" if worker.busy else "idle", worker.rss_bytes, worker.pages, self._had - 1)

    def _workers(self) -> list[Worker]:
        return [*([self._worker] if self._worker else []), *self._parting.values()]

    async def _keep(self) -> NoReturn:
        while True:
            worker = await self._successor()
            if self._worker is not None:
                self._part(self._worker)
            self._worker = worker
            await worker.changed.wait()
            if worker.loss:
                self._worker = None
                self._part(worker)
                self._fruitless = 0 if worker.pages else self._fruitless + 1

    async def _successor(self) -> Worker:
        """The next worker of this place, ready for tasks; whoever is here now keeps working meanwhile."""
        while True:
            await asyncio.sleep(self._pause_s())
            try:
                worker = await self._start_worker()
            except QuireError as error:
                self._note_failure(error)
            except Exception:  # noqa: BLE001 - a place without a keeper would stay empty
                _log.exception("a page worker could not be started")
                self._note_failure(EngineStartError("no page worker can be started: the log says why"))
            else:
                self._had += 1
                self._tally.note("started")
                self._roster.join(worker)
                return worker

    async def _start_worker(self) -> Worker:
        await self._before_start()
        async with self._turn if self._worker else contextlib.nullcontext():
            return await Worker.start(self._config, self._roster.release)

    def _pause_s(self) -> float:
        """Seconds before the next start: none, unless one after the other came to nothing."""
        if not self._fruitless:
            return 0.0
        return float(min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** min(self._fruitless - 1, 10)))

    def _note_failure(self, error: QuireError) -> None:
        self._fruitless += 1
        self._tally.note("start_failed")
        _log.error("a page worker did not start: %s (%s)", error.detail, error.code)
        self._roster.fail(error)

    def _part(self, worker: Worker) -> None:
        """Lets a worker go in the background: it finishes what it has in hand."""
        if worker.loss:
            self._tally.note("died")
        worker.retiring = True
        self._roster.leave(worker)
        task = asyncio.create_task(self._see_off(worker))
        self._parting[task] = worker
        task.add_done_callback(self._parting.pop)

    async def _see_off(self, worker: Worker) -> None:
        replaced = worker.loss is None
        await worker.idle()
        await worker.end()
        if replaced:
            self._tally.note("recycled")
            _log.info("page worker %d was replaced after %d tasks", worker.pid, worker.pages)
        else:
            _log.warning("page worker %d is lost: %s (%s)", worker.pid, worker.loss, worker.end_said)
