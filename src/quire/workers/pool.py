"""Page workers as one thing: a task goes in, its result comes out, whatever becomes of single workers.

A task whose worker is lost is tried once more, by another worker. What breaks two workers is given up: the page
fails alone, and is not tried again for a while. So one hostile page costs two workers and nobody else's page.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from quire.document import PageFailure
from quire.engines.base import EngineInfo
from quire.errors import Cancelled, DocumentQuarantined, PageQuarantined, PageTimeout
from quire.options import ReadOptions
from quire.workers.config import WorkerConfig
from quire.workers.frames import compact_json
from quire.workers.quarantine import Quarantine, Verdict
from quire.workers.roster import Roster
from quire.workers.slot import Slot, at_once
from quire.workers.stats import SILENT, Observer, PoolStats, Tally
from quire.workers.tasks import DocumentRef, ExportTask, OpenedDocument, OpenTask, PageRead, PageTask, RenderTask, Task
from quire.workers.worker import WorkerLost

T = TypeVar("T")

_log = logging.getLogger(__name__)


class WorkerPool:
    """Reads pages in other processes. For one event loop; use it inside `running`.

    A caller that is cancelled leaves at once; its worker is told, and busy until it gives up or is done.

    Args:
        observer: is told what happens to workers and tasks.
        before_start: waits for what an engine needs to start; may raise a `QuireError` that says why it never will.
    """

    def __init__(
        self, config: WorkerConfig, observer: Observer = SILENT, before_start: Callable[[], Awaitable[None]] = at_once
    ) -> None:
        self._config = config
        self._tally = Tally(observer)
        self._roster = Roster(config.processes)
        self._quarantine = Quarantine()
        turn = asyncio.Lock()
        self._slots = [Slot(config, self._roster, self._tally, turn, before_start) for _ in range(config.processes)]

    @property
    def size(self) -> int:
        """Pages that are read at once when all goes well."""
        return self._config.processes * self._roster.pages_at_once

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Starts all workers side by side, without waiting for them.

        On exit takes no more tasks, lets those in flight finish for `drain_timeout_s`, and ends all workers.
        Once only.
        """
        for slot in self._slots:
            slot.start()
        try:
            yield
        finally:
            self._roster.close()
            try:
                await self._drain()
            finally:
                await asyncio.gather(*(slot.stop() for slot in self._slots))

    async def ready(self, wait_s: float = 0.0) -> EngineInfo:
        """What the workers read with, waiting up to `wait_s` seconds for the first of them.

        Raises:
            EngineStartError: the engine is still loading.
            QuireError: why it could not be started.
        """
        return await self._roster.engine(wait_s)

    def free(self) -> int:
        """Workers that are idle now."""
        return self._roster.free

    async def open(self, document: DocumentRef, options: ReadOptions) -> OpenedDocument:
        """Opens a document and checks the options against it.

        Raises:
            DocumentQuarantined: opening it broke its worker, twice.
            Overloaded: no worker became free.
            QuireError: the document cannot be opened, or there is no worker.
        """
        try:
            return await self._do(OpenTask(document, options), self._config.page_timeout_s)
        except (PageQuarantined, PageTimeout) as error:
            raise DocumentQuarantined(error.detail) from error

    async def read_page(
        self, document: DocumentRef, number: int, options: ReadOptions, *, timeout_s: float | None = None
    ) -> PageRead:
        """Reads page `number`, 1-based.

        Args:
            timeout_s: for one try; there may be two. The pool's own limit when that is shorter, or none is given.

        Raises:
            Overloaded: no worker became free.
            QuireError: the document cannot be read, or there is no worker. A page that fails alone is a result.
        """
        try:
            return await self._do(PageTask(document, number, options), timeout_s)
        except (PageQuarantined, PageTimeout) as error:
            content = compact_json(PageFailure(number, error.code, error.detail).to_dict())
            return PageRead(number, content, failed=True, degraded=True, seconds={})

    async def render(
        self,
        document: DocumentRef,
        number: int,
        options: ReadOptions,
        *,
        max_side_px: int,
        overlay: bytes | None,
        figure: str | None = None,
        jpeg_quality: int | None = None,
    ) -> bytes:
        """Picture of page `number`, upright, its longer side at most `max_side_px`: a PNG.

        Args:
            overlay: JSON of `Page.to_dict()`, to turn the page as it was turned for the reading and draw its lines.
            figure: id of one of that page's figures, to have it alone, in its own size.
            jpeg_quality: 1 to 100, to have a page without overlay as a JPEG.

        Raises:
            PageQuarantined, PageTimeout: drawing it broke its worker, or took too long, twice.
            Overloaded: no worker became free.
            QuireError: the page cannot be drawn, or there is no worker.
        """
        task = RenderTask(document, number, options, max_side_px, overlay, figure, jpeg_quality)
        return await self._do(task, None)

    async def export(self, document: DocumentRef, options: ReadOptions, format_name: str, content: bytes) -> bytes:
        """The document in a format that needs the file that it was read from.

        Args:
            content: JSON of the `Document`, as far as it is wanted.

        Raises:
            DocumentQuarantined: writing it broke its worker, twice.
            Overloaded: no worker became free.
            QuireError: it cannot be written in this format, or there is no worker.
        """
        try:
            return await self._do(ExportTask(document, options, format_name, content), None)
        except (PageQuarantined, PageTimeout) as error:
            raise DocumentQuarantined(error.detail) from error

    def stats(self) -> PoolStats:
        """The pool now."""
        counts = self._tally.counts
        return PoolStats(
            workers=tuple(slot.stats() for slot in self._slots),
            waiting=self._roster.waiting,
            deaths=counts["died"],
            retries=counts["retried"],
            quarantined=counts["quarantined"],
            recycled=counts["recycled"],
        )

    async def _do(self, task: Task[T], timeout_s: float | None) -> T:
        """The task's result, at the second try at the latest.

        Raises:
            PageQuarantined, PageTimeout: both tries cost their worker.
        """
        self._quarantine.check(task)
        limit_s = self._config.page_timeout_s if timeout_s is None else min(timeout_s, self._config.page_timeout_s)
        try:
            return await self._try(task, limit_s, alone=False)
        except WorkerLost as lost:
            _blame(task, lost)
            # Of tasks that were lost together, nobody knows which was to blame, but for one that took too long.
            alone = lost.loss != "deadline"
        self._tally.note("retried")
        try:
            return await self._try(task, limit_s, alone=alone)
        except WorkerLost as lost:
            _blame(task, lost)
            raise self._give_up(task, lost, limit_s) from lost

    async def _try(self, task: Task[T], limit_s: float, *, alone: bool) -> T:
        # Long enough for a new worker to start, and for all others to be given up.
        wait_s = self._config.start_timeout_s + 2 * self._config.page_timeout_s
        worker = await self._roster.take(wait_s, alone=alone)
        submitted = worker.submit(task, limit_s, alone=alone)
        self._roster.release(worker)
        try:
            return await asyncio.shield(submitted)
        except asyncio.CancelledError:
            worker.forget(submitted)
            raise

    def _give_up(self, task: Task[Any], lost: WorkerLost, limit_s: float) -> Verdict:
        verdict = _verdict(task, lost, limit_s)
        # A page that is too slow for a caller in a hurry is not too slow for everybody.
        if isinstance(verdict, PageQuarantined) or limit_s == self._config.page_timeout_s:
            self._quarantine.add(task, verdict)
            self._tally.note("quarantined")
        return verdict

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(self._config.drain_timeout_s):
                await asyncio.gather(*(slot.idle() for slot in self._slots))
        except TimeoutError:
            _log.warning("pages in flight did not finish in time and are dropped")


def _blame(task: Task[Any], lost: WorkerLost) -> None:
    """Notes what cost a worker.

    Raises:
        Cancelled: nothing did, the pool is stopping.
    """
    if lost.loss == "stopped":
        raise Cancelled("the server is shutting down: send it again") from lost
    where = f"page {task.number} of " if task.number else ""
    _log.warning("the task '%s', %sdocument %.12s, cost its worker: %s", task.kind, where, task.document.sha256, lost)


def _verdict(task: Task[Any], lost: WorkerLost, limit_s: float) -> Verdict:
    what = f"page {task.number}" if task.number else "the document"
    if lost.loss == "deadline":
        return PageTimeout(
            f"{what} took longer than {limit_s:g} seconds, twice: make it smaller, or choose the strategy 'speed'"
        )
    return PageQuarantined(f"{what} ended two worker processes and is given up: print it to a new PDF and send that")
