"""Runs the jobs of a store: takes up those that a restart interrupted, saves each page as it is read."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from contextvars import Context, copy_context
from functools import partial
from pathlib import Path

import structlog

from quire.errors import DeadlinePassed, JobExpired, JobNotFound, Overloaded, QuireError
from quire.jobs.model import FINAL_STATES, DocumentProgress, Failure, Job, JobState, PageRow
from quire.jobs.reading import DocumentReader, Request
from quire.jobs.scheduler import Lane
from quire.jobs.store import JobStore
from quire.workers.tasks import DocumentRef

_log = structlog.get_logger(__name__)

_ENGINE_WAIT_S = 5.0
_DRAIN_POLL_S = 0.02
_SAVING_S = 1.0
_DOCUMENTS_AT_ONCE = 4
"""Of one job: enough that one-page documents keep all workers busy."""


async def _nothing(_owner: str, _pages: int) -> None:
    pass


class JobRunner:
    """Reads the documents of jobs; for one event loop.

    Jobs run side by side, and the scheduler shares the pages out among them. Those beyond `active` wait their turn,
    and so do those of an owner who has his share of active ones.

    Args:
        path_of: where the bytes of a document are, by its SHA-256.
        charge: takes so many pages out of an owner's quota before they are read; raises QuotaExceeded.
        active: jobs that run at once; one owner has half of that.
        most: jobs that may be unfinished; one more is refused.
        drain_timeout_s: for the pages in hand at the end.
    """

    def __init__(
        self,
        store: JobStore,
        reader: DocumentReader,
        path_of: Callable[[str], Path],
        *,
        charge: Callable[[str, int], Awaitable[None]] = _nothing,
        active: int = 64,
        most: int = 10_000,
        drain_timeout_s: float = 30.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._reader = reader
        self._path_of = path_of
        self._charge = charge
        self._active = active
        self._most = most
        self._drain_timeout_s = drain_timeout_s
        self._clock = clock
        self._waiting: dict[str, tuple[Job, Context]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._owners: Counter[str] = Counter()
        self._stopped = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Takes up what is unfinished; on exit finishes the pages in hand, and leaves the rest for the next start."""
        for job in await self._store.unfinished():
            self._waiting[job.id] = job, Context()
        self._start_waiting()
        try:
            yield
        finally:
            await self._drain()

    async def _drain(self) -> None:
        """Lets the pages in hand be read and saved, for a while; starts no other."""
        self._stopped = True
        self._reader.close()
        tasks = list(self._tasks.values())
        until = time.monotonic() + self._drain_timeout_s
        while tasks and self._reader.reading and time.monotonic() < until:
            await asyncio.sleep(_DRAIN_POLL_S)
        if tasks:
            await asyncio.wait(tasks, timeout=_SAVING_S)
        await self._stop(tasks)

    @property
    def unfinished(self) -> int:
        """Jobs that wait or run."""
        return len(self._waiting) + len(self._tasks)

    def check_room(self) -> None:
        """Refuses what `submit` could not take.

        Raises:
            Overloaded: too many jobs are unfinished.
        """
        if self.unfinished >= self._most:
            raise Overloaded(
                "the server has as many unfinished jobs as it may: "
                "try again after the seconds that Retry-After names, or raise QUIRE_JOBS__MAX_UNFINISHED"
            )

    def submit(self, job: Job) -> None:
        """Runs a job of the store when its turn comes."""
        if job.id not in self._tasks:
            # Log lines and spans belong to the request that made the job, whichever job's end lets it start.
            self._waiting[job.id] = job, copy_context()
            self._start_waiting()

    async def stop(self, job_id: str) -> None:
        """Stops reading for a job: no page of it starts any more."""
        self._waiting.pop(job_id, None)
        if job_id in self._tasks:
            await self._stop([self._tasks[job_id]])

    def queue_position(self, job_id: str) -> int | None:
        """How many jobs wait before this one; None when it does not wait."""
        return next((position for position, waiting in enumerate(self._waiting) if waiting == job_id), None)

    def _start_waiting(self) -> None:
        for job, context in list(self._waiting.values()):
            if self._stopped or len(self._tasks) >= self._active:
                return
            if self._owners[job.owner] < max(1, self._active // 2):
                del self._waiting[job.id]
                self._owners[job.owner] += 1
                task = asyncio.create_task(self._run(job), name=f"job {job.id}", context=context)
                self._tasks[job.id] = task
                task.add_done_callback(partial(self._ended, job))

    def _ended(self, job: Job, _task: asyncio.Task[None]) -> None:
        del self._tasks[job.id]
        self._owners[job.owner] -= 1
        if not self._owners[job.owner]:
            del self._owners[job.owner]
        self._start_waiting()

    async def _stop(self, tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # ---- one job

    async def _run(self, job: Job) -> None:
        try:
            await self._engine()
            started = await self._store.transition(job.id, "running") if job.state == "queued" else job
            if not started.finished:
                await self._read_in_time(started)
        except (JobNotFound, JobExpired):
            return  # deleted meanwhile
        except QuireError as error:
            await self._end(job, "failed", Failure.of(error))
        except Exception:  # noqa: BLE001 - one job's bug must not take the others along
            _log.exception("job failed", job=job.id)
            await self._end(job, "failed", Failure("internal_error", "the job failed: the log says why"))

    async def _engine(self) -> None:
        """Waits for the engine, however long it takes: a job does not fail for what the operator can mend."""
        while True:
            try:
                await self._reader.ready(_ENGINE_WAIT_S)
                return
            except QuireError as error:
                _log.warning("jobs wait for the engine", code=error.code)
                await asyncio.sleep(_ENGINE_WAIT_S)

    async def _read_in_time(self, job: Job) -> None:
        try:
            async with asyncio.timeout(self._time_left(job)):
                await self._read_all(job)
        except TimeoutError:
            late = DeadlinePassed(
                f"the job did not end within its {job.timeout_s:g} s: "
                "the pages that were done are kept; give it a larger `timeout_s`"
            )
            done = (await self._store.get(job.id)).pages_done
            await self._end(job, "partial" if done else "failed", Failure.of(late))
            return
        if not self._stopped:
            await self._end(job, (await self._store.get(job.id)).outcome)

    def _time_left(self, job: Job) -> float | None:
        if job.timeout_s is None:
            return None
        started = self._clock() if job.started_at is None else job.started_at
        return max(0.0, started + job.timeout_s - self._clock())

    async def _read_all(self, job: Job) -> None:
        room = asyncio.Semaphore(_DOCUMENTS_AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for document in job.documents:
                if document.state in FINAL_STATES:
                    continue  # before a restart
                await room.acquire()
                task = group.create_task(self._read_document(job, document))
                task.add_done_callback(lambda _: room.release())

    async def _read_document(self, job: Job, document: DocumentProgress) -> None:
        error = None
        try:
            await self._read_pages(job, document)
        except QuireError as exc:
            error = Failure.of(exc)
        if self._stopped:
            return  # pages may be missing: the next start looks
        await self._store.finish_document(job.id, document.index, error)

    async def _read_pages(self, job: Job, document: DocumentProgress) -> None:
        ref = DocumentRef(self._path_of(document.sha256), document.sha256, document.name)
        lane = Lane(job.owner, job.id, interactive=job.priority == "interactive")
        request = Request(ref, job.options, lane, cached=job.cached)
        opening = await self._store.opening(job.id, document.index)
        if opening is None:
            opened = await self._reader.open(request)
            await self._charge(job.owner, len(opened.numbers))
            await self._store.opened(job.id, document.index, opened.head, opened.numbers)
            numbers = opened.numbers
        else:
            numbers = opening.numbers
        done = await self._store.done_numbers(job.id, document.index)
        missing = [number for number in numbers if number not in done]
        async with aclosing(self._reader.read(request, missing)) as pages:
            async for page in pages:
                await self._store.save_page(
                    job.id, document.index, PageRow(page.number, page.content, failed=page.failed)
                )

    async def _end(self, job: Job, state: JobState, error: Failure | None = None) -> None:
        try:
            ended = await self._store.transition(job.id, state, error)
        except (JobNotFound, JobExpired):
            return
        _log.info("job ended", job=job.id, state=ended.state, pages=ended.pages_done)
