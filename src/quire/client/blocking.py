"""A client that waits for its answers."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
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


class Client:
    """Asks a Quire server. Threads may share it.

    All methods raise `QuireError`: the server's errors by their codes, `ServerUnreachable` where there is no answer.
    Options are those of the server, by the same names; it refuses unknown ones.

    Args:
        server: its address, `http://host:8000`.
        key: sent as a bearer token.
        timeout_s: for an answer to begin, or to go on; None waits for ever.
        transport: of httpx, in place of the network.
    """

    def __init__(
        self,
        server: str = DEFAULT_SERVER,
        *,
        key: str | None = None,
        timeout_s: float | None = 600.0,
        retries: Retries = DEFAULT_RETRIES,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(**arguments(server, key, timeout_s), transport=transport)
        self._retries = retries

    def read(
        self, document: Source, *, name: str | None = None, on_upload: OnUpload | None = None, **options: Any
    ) -> Document:
        """The document, read. Pages that failed alone are in its `errors`.

        Args:
            name: shown in the result; the file's own when absent.
        """
        return self._run(Reading(document, name, options, on_upload, self._retries).document())

    def read_as(
        self,
        document: Source,
        format: str,
        *,
        name: str | None = None,
        on_upload: OnUpload | None = None,
        **options: Any,
    ) -> bytes:
        """The document, read, as a file in one of the server's formats: text, markdown, html, pdf …"""
        return self._run(Reading(document, name, options, on_upload, self._retries).file(format))

    def stream(
        self, document: Source, *, name: str | None = None, on_upload: OnUpload | None = None, **options: Any
    ) -> Generator[Page | PageFailure]:
        """Pages and failures in order, while the document is being read; closing the iterator stops the reading."""
        return self._emitted(Reading(document, name, options, on_upload, self._retries).pages())

    def submit(
        self,
        *documents: Source,
        names: Sequence[str] = (),
        idempotency_key: str | None = None,
        on_upload: OnUpload | None = None,
        **options: Any,
    ) -> Job:
        """A job of one or many documents, made once even where the request has to be sent again.

        Args:
            names: as many as there are documents, or none.
            idempotency_key: the same key later, with the same request, gives the same job; a new one when absent.
        """
        return self._run(jobs.submit(documents, names, options, idempotency_key, on_upload, self._retries))

    def job(self, job: Job | str) -> Job:
        """The job as it stands now."""
        return self._run(jobs.look(job, 0, self._retries))

    def wait(self, job: Job | str, *, timeout_s: float | None = None, on_progress: OnProgress | None = None) -> Job:
        """The job when it has ended.

        Raises:
            DeadlinePassed: it has not within `timeout_s`.
        """
        return self._run(jobs.wait(job, timeout_s, on_progress, self._retries))

    def events(self, job: Job | str, *, after: int = 0) -> Generator[JobEvent]:
        """What happens to the job from the event with the number `after` on, up to its end."""
        return self._emitted(jobs.events(job, after, self._retries))

    def documents(self, job: Job | str, *, pages: str | None = None) -> tuple[Document, ...]:
        """What the job has read so far."""
        return self._run(jobs.documents(job, pages, self._retries))

    def result(self, job: Job | str, *, format: str, pages: str | None = None) -> bytes:
        """As `documents`, as a file in one of the server's formats."""
        return self._run(jobs.result(job, format, pages, self._retries))

    def cancel(self, job: Job | str) -> Job:
        """Ends the job within a page; what was read is kept. One that has ended stays as it is.

        A job that ends in the very moment is deleted instead.
        """
        return self._run(jobs.cancel(job, self._retries))

    def delete(self, job: Job | str) -> None:
        """Ends the job and deletes it with what it has read."""
        self._run(jobs.delete(job, self._retries))

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self, steps: Steps[T]) -> T:
        reply: Any = None
        with closing(steps), closing(_Exchange(self._http)) as exchange:
            while True:
                try:
                    step = steps.send(reply)
                except StopIteration as end:
                    return cast(T, end.value)
                reply = exchange.do(step)

    def _emitted(self, steps: Steps[None]) -> Generator[Any]:
        reply: Any = None
        with closing(steps), closing(_Exchange(self._http)) as exchange:
            while True:
                try:
                    step = steps.send(reply)
                except StopIteration:
                    return
                reply = None
                if isinstance(step, Emit):
                    yield step.value
                else:
                    reply = exchange.do(step)


class _Exchange:
    """Does the steps of one operation."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._open: httpx.Response | None = None
        self._chunks: Iterator[bytes] = iter(())

    def do(self, step: Step) -> Any:
        """The reply to a step; see `steps`."""
        try:
            match step:
                case Send():
                    return self._send(step)
                case NextChunk():
                    return next(self._chunks, None)
                case Pause():
                    time.sleep(step.seconds)
        except httpx.RequestError as exc:
            return exc
        return None

    def _send(self, step: Send) -> httpx.Response:
        self.close()
        response = self._http.send(step.asked.build(self._http), stream=True)
        self._open = response
        if step.open and response.is_success:
            self._chunks = response.iter_bytes()
        else:
            response.read()
        return response

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
