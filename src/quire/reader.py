"""Documents in, `Document` out: opens them and reads their pages on as many threads as the engine uses."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from itertools import islice
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Self

from quire.document import Document, Page, PageFailure
from quire.engines.base import Engine
from quire.errors import Cancelled
from quire.layout import refine
from quire.limits import DEFAULT_LIMITS, Limits
from quire.options import ReadOptions
from quire.pipeline import read_or_fail
from quire.sources import open_source
from quire.sources.base import Source
from quire.sources.loading import load_bytes
from quire.sources.pages import select_pages
from quire.tasks import perform

Outcome = Page | PageFailure

_CANCELLED = "the reading was cancelled"


class Reading:
    """One opened document and its pages as they are read, in page order.

    Iterate once. Closing it stops after the pages that are being read; leaving the `with` block waits for
    those, whether the iteration came to its end or not.

    Attributes:
        head: the document without its pages.
        numbers: the pages that were asked for, 1-based, in order.
    """

    def __init__(
        self, source: Source, head: Document, numbers: tuple[int, ...], reader: Reader, options: ReadOptions
    ) -> None:
        self.head = head
        self.numbers = numbers
        self._source = source
        self._reader = reader
        self._options = options
        self._closed = Event()
        self._running: deque[Future[Outcome]] = deque()

    def __iter__(self) -> Iterator[Outcome]:
        """Pages and failures in order; a few pages ahead are read at once.

        Raises:
            OptionError, EngineError: no page of the document can be read as it was asked for.
            Cancelled: the reading or its reader was closed from another thread.
        """
        waiting = iter(self.numbers)
        try:
            while not self._closed.is_set():
                self._look_ahead(waiting)
                if not self._running:
                    return
                outcome = self._running[0].result()
                self._running.popleft()
                yield outcome
            raise Cancelled(_CANCELLED)
        except CancelledError as exc:
            raise Cancelled(_CANCELLED) from exc
        finally:
            self.close()

    def _look_ahead(self, waiting: Iterator[int]) -> None:
        """Keeps one page more than the engine reads at once in hand, so that none of its threads waits."""
        room = self._reader.concurrency + 1 - len(self._running)
        for number in islice(waiting, room):
            self._running.append(self._reader.submit(self._read_one, number))

    def _read_one(self, number: int) -> Outcome:
        if self._closed.is_set():
            raise Cancelled(_CANCELLED)
        outcome = read_or_fail(self._source, number, self._reader.engine, self._options, self._closed)
        return perform(outcome, self._options) if isinstance(outcome, Page) else outcome

    def close(self) -> None:
        """Starts no further page; does not wait. Any thread may call it."""
        self._closed.set()
        for future in self._running.copy():
            future.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        try:
            # Cancelled pages are left out: they count as done only when a thread comes to them.
            wait([future for future in self._running if not future.cancelled()])
        finally:
            self._source.close()


class Reader:
    """Reads documents with one engine. Thread-safe; documents read at once share the engine's threads."""

    def __init__(self, engine: Engine, *, limits: Limits = DEFAULT_LIMITS) -> None:
        self.engine = engine
        self.limits = limits
        self.concurrency = max(1, engine.concurrency)
        self._executor = ThreadPoolExecutor(self.concurrency, thread_name_prefix="quire-page")

    def open(self, document: bytes | str | Path, options: ReadOptions, *, name: str | None = None) -> Reading:
        """Opens a document and checks the options against it; reads no page yet.

        Args:
            document: the file's bytes, or its path.
            name: shown in the result; when absent the file's name, "document" for bytes.

        Raises:
            QuireError: the document cannot be opened, or the options do not fit it.
        """
        self.engine.info.require(options)
        data = load_bytes(document, self.limits.max_bytes)
        source = open_source(data, limits=self.limits, password=options.password)
        try:
            numbers = select_pages(options.pages, source.page_count)
            head = Document(
                name=name or ("document" if isinstance(document, bytes) else Path(document).name),
                mime=source.mime,
                sha256=hashlib.sha256(data).hexdigest(),
                pages_total=source.page_count,
                engine=self.engine.info.name,
                pages=(),
                metadata=source.metadata,
            )
            return Reading(source, head, numbers, self, options)
        except BaseException:
            source.close()
            raise

    def read(
        self, document: bytes | str | Path, options: ReadOptions | None = None, *, name: str | None = None
    ) -> Document:
        """Reads a whole document.

        Raises:
            QuireError: the document cannot be read at all. A page that fails alone is in `Document.errors`.
        """
        with self.open(document, options or ReadOptions(), name=name) as reading:
            return collect(reading)

    def submit(self, work: Callable[[int], Outcome], number: int) -> Future[Outcome]:
        """Queues the reading of one page.

        Raises:
            Cancelled: the reader is closed.
        """
        try:
            return self._executor.submit(work, number)
        except RuntimeError as exc:
            raise Cancelled("the reader is closed: open another") from exc

    def close(self) -> None:
        """Waits for the pages that are being read, then lets the engine go."""
        self._executor.shutdown(wait=True, cancel_futures=True)
        self.engine.close()


def collect(reading: Reading) -> Document:
    """All pages of a reading as one document, with what they say about each other."""
    pages: list[Page] = []
    errors: list[PageFailure] = []
    for outcome in reading:
        if isinstance(outcome, Page):
            pages.append(outcome)
        else:
            errors.append(outcome)
    return refine(replace(reading.head, pages=tuple(pages), errors=tuple(errors)))
