"""The job store on SQLite: which thread does what. What is done is in the modules beside."""

from __future__ import annotations

import asyncio
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from quire.errors import OutputError
from quire.jobs.changes import Changes
from quire.jobs.lock import sole_user
from quire.jobs.model import Delivery, Event, Failure, Job, JobSpec, JobState, KeptFile, Opening, PageRow
from quire.jobs.sqlite import deliveries, documents, events, files, jobs, pages, removal
from quire.jobs.sqlite.connection import connect_reader, connect_writer, wrapped
from quire.jobs.sqlite.thread import DatabaseThread
from quire.jobs.sqlite.writer import Writer

T = TypeVar("T")

_ANSWER_S: Final = 60.0
_SLICE: Final = 16
"""Pages that are read from the database at once."""
_RESERVE: Final = 1.1
"""Pages of accepted jobs are saved until the database is this much larger than where new jobs are refused."""


@asynccontextmanager
async def open_store(
    directory: Path, *, max_bytes: int = 20_000_000_000, clock: Callable[[], float] = time.time
) -> AsyncIterator[SqliteJobStore]:
    """The store in `directory` (made when absent), for the length of the `async with` block.

    Args:
        max_bytes: new jobs are refused when the database holds that much.
        clock: seconds since the epoch.

    Raises:
        InvalidOption: another server uses the directory.
        OutputError: the database cannot be used.
    """
    with wrapped():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with sole_user(directory / "jobs.lock"):
        writing, reading = DatabaseThread("quire-jobs-write"), DatabaseThread("quire-jobs-read")
        try:
            await writing.open(partial(connect_writer, directory / "jobs.db"))
            await reading.open(partial(connect_reader, directory / "jobs.db"))
            store = SqliteJobStore(writing, reading, max_bytes, clock)
            try:
                yield store
            finally:
                await store.drain()
        finally:
            # The one that can checkpoint goes last.
            await reading.close()
            await writing.close()


class SqliteJobStore:
    """A `JobStore` in one file; `open_store` makes it."""

    def __init__(
        self, writing: DatabaseThread, reading: DatabaseThread, max_bytes: int, clock: Callable[[], float]
    ) -> None:
        self._writer = Writer(writing)
        self._writing = writing
        self._reading = reading
        self._max_bytes = max_bytes
        self._clock = clock
        self._changes = Changes()

    async def drain(self) -> None:
        """Takes no further write, and waits for those taken in."""
        await self._writer.close()

    async def create(self, spec: JobSpec) -> tuple[Job, bool]:
        return await self._write(
            partial(jobs.create, spec=spec, job_id=str(uuid.uuid4()), now=self._clock(), max_bytes=self._max_bytes)
        )

    async def get(self, job_id: str, owner: str | None = None) -> Job:
        return await self._read(partial(jobs.get, job_id=job_id, owner=owner, now=self._clock()))

    async def opened(self, job_id: str, index: int, head: Mapping[str, Any], numbers: Sequence[int]) -> None:
        await self._write_unfinished(job_id, partial(documents.opened, index=index, head=head, numbers=numbers))

    async def opening(self, job_id: str, index: int) -> Opening | None:
        return await self._read(partial(documents.opening, job_id=job_id, index=index))

    async def save_page(self, job_id: str, index: int, page: PageRow) -> bool:
        save = partial(pages.save, index=index, page=page, max_bytes=int(self._max_bytes * _RESERVE))
        return bool(await self._write_unfinished(job_id, save))

    async def pages(self, job_id: str, index: int, after: int = 0) -> AsyncIterator[PageRow]:
        # One alone first: that is often all that is wanted.
        limit = 1
        while some := await self._read(partial(pages.after, job_id=job_id, index=index, number=after, limit=limit)):
            for page in some:
                yield page
            after = some[-1].number
            limit = _SLICE

    async def done_numbers(self, job_id: str, index: int) -> set[int]:
        return await self._read(partial(pages.numbers, job_id=job_id, index=index))

    async def finish_document(self, job_id: str, index: int, error: Failure | None = None) -> None:
        await self._write_unfinished(job_id, partial(documents.finish, index=index, error=error))

    async def transition(self, job_id: str, state: JobState, error: Failure | None = None) -> Job:
        return await self._transition(job_id, None, state, error)

    async def cancel(self, job_id: str, owner: str | None = None) -> Job:
        return await self._transition(job_id, owner, "cancelled", None)

    async def delete(self, job_id: str, owner: str | None = None) -> None:
        now = self._clock()
        await self._write(partial(removal.delete, job_id=job_id, owner=owner, now=now))
        self._changes.announce(job_id)
        await self._purge(now)

    async def unfinished(self) -> list[Job]:
        return await self._read(jobs.unfinished)

    async def counts(self) -> dict[JobState, int]:
        return await self._read(jobs.counts)

    async def events(self, job_id: str, after: int = 0, limit: int = 1000) -> list[Event]:
        return await self._read(partial(events.after, job_id=job_id, event_id=after, limit=limit))

    async def wait(self, job_id: str, after: int, timeout_s: float) -> bool:
        with self._changes.listening(job_id) as heard:
            try:
                async with asyncio.timeout(timeout_s):
                    while not await self._read(partial(events.any_after, job_id=job_id, event_id=after)):
                        await heard.wait()
                        heard.clear()
            except TimeoutError:
                return False
            return True

    async def expire(self, now: float) -> list[Job]:
        expired = await self._write(partial(removal.expire, now=now))
        for job in expired:
            self._changes.announce(job.id)
        await self._write(partial(files.expire, now=now))
        await self._purge(now)
        while await self._writing.run(removal.shrink):
            pass
        return expired

    async def blobs_in_use(self) -> set[str]:
        return await self._read(removal.blobs_in_use)

    async def add_file(self, file: KeptFile) -> None:
        await self._write(partial(files.add, file=file, max_bytes=self._max_bytes))

    async def file(self, file_id: str, owner: str | None = None) -> KeptFile:
        return await self._read(partial(files.get, file_id=file_id, owner=owner, now=self._clock()))

    async def files(self, owner: str | None, *, limit: int, offset: int) -> tuple[list[KeptFile], int]:
        now = self._clock()
        found = await self._read(partial(files.some, owner=owner, limit=limit, offset=offset, now=now))
        return found, await self._read(partial(files.count, owner=owner, now=now))

    async def delete_file(self, file_id: str, owner: str | None = None) -> None:
        await self._write(partial(files.delete, file_id=file_id, owner=owner, now=self._clock()))

    async def due(self, now: float, *, limit: int, lease_s: float) -> list[Delivery]:
        # Asked every second, and mostly for nothing: the writer is not bothered with that.
        if not await self._read(partial(deliveries.any_due, now=now)):
            return []
        return await self._write(partial(deliveries.claim, now=now, limit=limit, lease_s=lease_s))

    async def record_attempt(self, delivery_id: str, *, retry_at: float | None) -> None:
        await self._write(partial(deliveries.record, delivery_id=delivery_id, retry_at=retry_at))

    async def _transition(self, job_id: str, owner: str | None, state: JobState, error: Failure | None) -> Job:
        change = partial(jobs.transition, job_id=job_id, owner=owner, state=state, error=error, now=self._clock())
        job = await self._write(change)
        self._changes.announce(job_id)
        return job

    async def _write_unfinished(self, job_id: str, write: Callable[[sqlite3.Connection, int], T]) -> T | None:
        """Writes with the key of a job that has not ended; nothing when there is none."""

        def write_to(db: sqlite3.Connection) -> T | None:
            key = jobs.unfinished_key(db, job_id)
            return None if key is None else write(db, key)

        result = await self._write(write_to)
        self._changes.announce(job_id)
        return result

    async def _purge(self, now: float) -> None:
        while await self._write(partial(removal.purge, now=now)):
            pass

    async def _write(self, write: Callable[[sqlite3.Connection], T]) -> T:
        with _patience():
            async with asyncio.timeout(_ANSWER_S):
                return await self._writer.do(write)

    async def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with _patience():
            async with asyncio.timeout(_ANSWER_S):
                return await self._reading.run(work)


@contextmanager
def _patience() -> Iterator[None]:
    try:
        yield
    except TimeoutError as exc:
        raise OutputError(
            f"the job database has not answered for {_ANSWER_S:g} s: check the disk of the data folder"
        ) from exc
