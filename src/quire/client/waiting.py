"""A client for event loops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, closing
from types import TracebackType
from typing import Any, Self, cast

import httpx

from quire.client import jobs
from quire.client.connection import DEFAULT_SERVER, arguments
from quire.client.jobs import OnProgress
from quire.client.readings import Reading
from quire.client.results import Job, JobEvent
from quire.client.retries import DEFAULT_RETRIES, Retries
from quire.client.steps import Emit, NextChunk, Pause, Send, Step, Steps, T
from quire.client.uploads import OnUpload, Source
from quire.document import Document, Page, PageFailure


class AsyncClient:
    """`Client`, to be awaited: the same methods and arguments. Tasks of one event loop may share it.

    Cancelling a task ends its request, and with it a reading that nobody else waits for.
    """

    def __init__(
        self,
        server: str = DEFAULT_SERVER,
        *,
        key: str | None = None,
        timeout_s: float | None = 600.0,
        retries: Retries = DEFAULT_RETRIES,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._http = httpx.AsyncClient(**arguments(server, key, timeout_s), transport=transport)
        self._retries = retries

    async def read(
        self, document: Source, *, name: str | None = None, on_upload: OnUpload | None = None, **options: Any
    ) -> Document:
        return await self._run(Reading(document, name, options, on_upload, self._retries).document())

    async def read_as(
        self,
        document: Source,
        format: str,
        *,
        name: str | None = None,
        on_upload: OnUpload | None = None,
        **options: Any,
    ) -> bytes:
        return await self._run(Reading(document, name, options, on_upload, self._retries).file(format))

    def stream(
        self, document: Source, *, name: str | None = None, on_upload: OnUpload | None = None, **options: Any
    ) -> AsyncGenerator[Page | PageFailure]:
        return self._emitted(Reading(document, name, options, on_upload, self._retries).pages())

    async def submit(
        self,
        *documents: Source,
        names: Sequence[str] = (),
        idempotency_key: str | None = None,
        on_upload: OnUpload | None = None,
        **options: Any,
    ) -> Job:
        return await self._run(jobs.submit(documents, names, options, idempotency_key, on_upload, self._retries))

    async def job(self, job: Job | str) -> Job:
        return await self._run(jobs.look(job, 0, self._retries))

    async def wait(
        self, job: Job | str, *, timeout_s: float | None = None, on_progress: OnProgress | None = None
    ) -> Job:
        return await self._run(jobs.wait(job, timeout_s, on_progress, self._retries))

    def events(self, job: Job | str, *, after: int = 0) -> AsyncGenerator[JobEvent]:
        return self._emitted(jobs.events(job, after, self._retries))

    async def documents(self, job: Job | str, *, pages: str | None = None) -> tuple[Document, ...]:
        return await self._run(jobs.documents(job, pages, self._retries))

    async def result(self, job: Job | str, *, format: str, pages: str | None = None) -> bytes:
        return await self._run(jobs.result(job, format, pages, self._retries))

    async def cancel(self, job: Job | str) -> Job:
        return await self._run(jobs.cancel(job, self._retries))

    async def delete(self, job: Job | str) -> None:
        await self._run(jobs.delete(job, self._retries))

    async def aclose(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _run(self, steps: Steps[T]) -> T:
        reply: Any = None
        with closing(steps):
            async with aclosing(_Exchange(self._http)) as exchange:
                while True:
                    try:
                        step = steps.send(reply)
                    except StopIteration as end:
                        return cast(T, end.value)
                    reply = await exchange.do(step)

    async def _emitted(self, steps: Steps[None]) -> AsyncGenerator[Any]:
        reply: Any = None
        with closing(steps):
            async with aclosing(_Exchange(self._http)) as exchange:
                while True:
                    try:
                        step = steps.send(reply)
                    except StopIteration:
                        return
                    reply = None
                    if isinstance(step, Emit):
                        yield step.value
                    else:
                        reply = await exchange.do(step)


class _Exchange:
    """Does the steps of one operation."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._open: httpx.Response | None = None
        self._chunks: AsyncIterator[bytes] | None = None

    async def do(self, step: Step) -> Any:
        """The reply to a step; see `steps`."""
        try:
            match step:
                case Send():
                    return await self._send(step)
                case NextChunk() if self._chunks is not None:
                    return await anext(self._chunks, None)
                case Pause():
                    await asyncio.sleep(step.seconds)
        except httpx.RequestError as exc:
            return exc
        return None

    async def _send(self, step: Send) -> httpx.Response:
        await self.aclose()
        response = await self._http.send(step.asked.build(self._http), stream=True)
        self._open = response
        if step.open and response.is_success:
            self._chunks = response.aiter_bytes()
        else:
            await response.aread()
        return response

    async def aclose(self) -> None:
        if self._open is not None:
            await self._open.aclose()
