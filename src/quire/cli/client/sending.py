"""Documents sent to a server, a few at a time, and what comes back written in the order of the inputs."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass
from typing import Final

from quire.cli.client.journal import Journal
from quire.cli.client.places import Piece, Place
from quire.cli.progress import Progress
from quire.cli.tally import Tally
from quire.client import AsyncClient, Job
from quire.document import PageFailure
from quire.errors import AccessError, Cancelled, JobExpired, JobNotFound, QuireError, ServerError

_ENDS_ALL: Final = (AccessError, ServerError)
"""What one document meets here, the next would meet as well."""
_AHEAD: Final = 4
"""A slow document holds back the results of so many others for each that is at the server."""
_FAREWELL_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class _Result:
    """What a server has made of a document."""

    job: Job
    content: bytes
    errors: tuple[PageFailure, ...]


class Sender:
    """Sends documents as jobs: they survive broken connections, and with a journal the end of this program."""

    def __init__(
        self, client: AsyncClient, server: str, journal: Journal, place: Place, progress: Progress, concurrency: int
    ) -> None:
        self._client = client
        self._server = server
        self._journal = journal
        self._place = place
        self._progress = progress
        self._slots = asyncio.Semaphore(concurrency)
        self._ahead = _AHEAD * concurrency
        self._tally = Tally()

    async def send(self, wanted: Iterable[Piece]) -> int:
        """Has all read that is not there yet.

        Returns:
            The exit code.

        Raises:
            QuireError: the server cannot be asked (any more).
        """
        missing = (piece for piece in wanted if not self._is_there(piece))
        async with contextlib.aclosing(self._in_order(missing)) as results:
            async for piece, result in results:
                with self._progress.paused():
                    await self._finish(piece, result)
        return self._tally.exit_code

    def _is_there(self, piece: Piece) -> bool:
        return self._journal.done(piece.key(self._server)) and self._place.holds(piece)

    async def _in_order(self, wanted: Iterable[Piece]) -> AsyncGenerator[tuple[Piece, _Result | QuireError]]:
        running: deque[tuple[Piece, asyncio.Task[_Result | QuireError]]] = deque()
        try:
            for piece in wanted:
                running.append((piece, asyncio.create_task(self._result(piece))))
                if len(running) >= self._ahead:
                    first, task = running.popleft()
                    yield first, await task
            while running:
                first, task = running.popleft()
                yield first, await task
        finally:
            for _, task in running:
                task.cancel()
            await asyncio.gather(*(task for _, task in running), return_exceptions=True)

    async def _result(self, piece: Piece) -> _Result | QuireError:
        async with self._slots:
            try:
                return await self._read(piece, await self._job(piece))
            except QuireError as error:
                return error

    async def _job(self, piece: Piece) -> Job:
        """The job that an earlier run left behind, or a new one."""
        key = piece.key(self._server)
        known = self._journal.job(key)
        if known is not None:
            with contextlib.suppress(JobNotFound, JobExpired):
                return await self._client.job(known)
        names = [piece.item.relative.as_posix()]
        shown = self._progress.uploading()
        job = await self._client.submit(piece.item.document, names=names, on_upload=shown, **piece.wish.options)
        self._journal.note(key, job=job.id)
        return job

    async def _read(self, piece: Piece, job: Job) -> _Result:
        try:
            ended = await self._client.wait(job, on_progress=self._counting())
            if ended.state == "cancelled":
                raise Cancelled("the job was cancelled at the server: send the document again")
            content = await self._client.result(ended, format=piece.wish.format)
            return _Result(ended, content, await self._failures(ended))
        except _ENDS_ALL:
            raise
        except QuireError:
            self._journal.note(piece.key(self._server))
            await self._delete(job)
            raise
        except asyncio.CancelledError:
            if not self._journal.kept:
                await self._delete(job)
            raise

    async def _failures(self, job: Job) -> tuple[PageFailure, ...]:
        if not any(document.pages_failed for document in job.documents):
            return ()
        return tuple(error for document in await self._client.documents(job) for error in document.errors)

    def _counting(self) -> Callable[[Job], None]:
        """Tells the progress bar what is new about a job."""
        total = done = 0

        def count(job: Job) -> None:
            nonlocal total, done
            self._progress.expect(job.pages_total - total)
            self._progress.advance(job.pages_done - done)
            total, done = job.pages_total, job.pages_done

        return count

    async def _finish(self, piece: Piece, result: _Result | QuireError) -> None:
        if isinstance(result, _ENDS_ALL):
            raise result
        try:
            if isinstance(result, QuireError):
                raise result
            self._place.write(piece, result.content)
            self._journal.note(piece.key(self._server), done=True)
        except QuireError as error:
            self._tally.fail(piece.item.name, error.code, error.detail)
            return
        self._tally.count(piece.item.name, result.job.pages_total - len(result.errors), result.errors)
        await self._delete(result.job)

    async def _delete(self, job: Job) -> None:
        """Frees the server of what nobody will ask for; it does so itself in time where this fails."""
        with contextlib.suppress(QuireError, TimeoutError):
            async with asyncio.timeout(_FAREWELL_S):
                await self._client.delete(job)
