"""Documents in, `Document` out: opens a document and reads its pages on as many threads as the engine uses."""

from __future__ import annotations

import hashlib
import logging
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Self

from quire.document import Document, Page, PageFailure
from quire.engines.base import Engine
from quire.errors import Cancelled, LimitExceeded, PageDamaged, QuireError
from quire.limits import DEFAULT_LIMITS, Limits
from quire.options import ReadOptions
from quire.pipeline import read_page
from quire.sources import open_source
from quire.sources.base import Source
from quire.sources.pages import select_pages

_log = logging.getLogger(__name__)


class Reading:
    """One opened document and its pages as they are read, in page order.

    Iterate once. Closing it, or leaving the `with` block, stops after the pages that are being read.

    Attributes:
        head: the document without its pages.
        numbers: the pages that were asked for, 1-based, in order.
    """

    def __init__(self, source: Source, head: Document, numbers: tuple[int, ...], reader: Reader, options: ReadOptions) -> None:
        self.head = head
        self.numbers = numbers
        self._source = source
        self._reader = reader
        self._options = options
        self._closed = Event()

    def __iter__(self) -> Iterator[Page | PageFailure]:
        """Pages and failures in order; a few pages ahead are read at once.

        Raises:
            Cancelled: the reading was closed from another thread.
        """
        waiting = iter(self.numbers)
        running: deque[Future[Page | PageFailure]] = deque()
        try:
            while not self._closed.is_set():
                while len(running) < self._reader.concurrency + 1 and (number := next(waiting, None)) is not None:
                    running.append(self._reader.submit(self._read_one, number))
                if not running:
                    return
                yield running.popleft().result()
            raise Cancelled("the reading was cancelled")
        finally:
            self._closed.set()
            for future in running:
                future.cancel()

    def _read_one(self, number: int) -> Page | PageFailure:
        if self._closed.is_set():
            raise Cancelled("the reading was cancelled")
        try:
            return read_page(self._source.page(number), self._reader.engine, self._options)
        except (PageDamaged, LimitExceeded) as exc:
            return PageFailure(number, exc.code, exc.detail)
        except QuireError:
            raise
        except Exception:  # noqa: BLE001 - one page's bug must not take the others along
            _log.exception("page %d failed", number)
            return PageFailure(number, "internal_error", "the page could not be read; the log of the server says why")

    def close(self) -> None:
        self._closed.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        self._reader.release(self._source)


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
            name: shown in the result; the file's name when absent.

        Raises:
            QuireError: the document cannot be opened, or the options do not fit it.
        """
        source = open_source(document, limits=self.limits, password=options.password)
        try:
            numbers = select_pages(options.pages, source.page_count)
            head = Document(
                name=name or (document.name if isinstance(document, Path) else "document"),
                mime=source.mime,
                sha256=_sha256(document),
                pages_total=source.page_count,
                engine=self.engine.info.name,
                pages=(),
                metadata=source.metadata,
            )
            return Reading(source, head, numbers, self, options)
        except BaseException:
            source.close()
            raise

    def read(self, document: bytes | str | Path, options: ReadOptions | None = None, *, name: str | None = None) -> Document:
        """Reads a whole document.

        Raises:
            QuireError: the document cannot be read at all. A page that fails alone is in `Document.errors`.
        """
        with self.open(document, options or ReadOptions(), name=name) as reading:
            return collect(reading)

    def submit(self, work: object, number: int) -> Future[Page | PageFailure]:
        return self._executor.submit(work, number)  # type: ignore[arg-type]

    def release(self, source: Source) -> None:
        """Closes a source once the pages that are being read have let go of it."""
        source.close()

    def close(self) -> None:
        """Waits for the pages that are being read, then lets the engine go."""
        self._executor.shutdown(wait=True, cancel_futures=True)
        self.engine.close()


def collect(reading: Reading) -> Document:
    """All pages of a reading as one document."""
    pages: list[Page] = []
    errors: list[PageFailure] = []
    for outcome in reading:
        if isinstance(outcome, Page):
            pages.append(outcome)
        else:
            errors.append(outcome)
    return replace(reading.head, pages=tuple(pages), errors=tuple(errors))


def _sha256(document: bytes | str | Path) -> str:
    if isinstance(document, bytes):
        return hashlib.sha256(document).hexdigest()
    with Path(document).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
