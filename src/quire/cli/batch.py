"""Reads documents side by side, so that a pile of one-page images keeps every stream of the engine busy."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from types import TracebackType
from typing import Self

from quire.cli.inputs import Input
from quire.cli.progress import Progress
from quire.document import Document, Page, PageFailure
from quire.errors import QuireError
from quire.options import ReadOptions
from quire.reader import Reader, Reading

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input: its document, or why there is none."""

    item: Input
    result: Document | QuireError


class Batch:
    """Documents being read. Leaving the block, by Ctrl-C too, stops within a page."""

    def __init__(self, reader: Reader, options: ReadOptions, progress: Progress) -> None:
        self._reader = reader
        self._options = options
        self._progress = progress
        self._threads = ThreadPoolExecutor(reader.concurrency, thread_name_prefix="quire-document")
        self._unfinished: set[Reading] = set()
        self._stopped = False
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._stopped = True
            for reading in self._unfinished:
                reading.close()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def outcomes(self, items: Iterable[Input]) -> Iterator[Outcome]:
        """Outcomes in the order of the inputs; a few documents are held ahead."""
        waiting = iter(items)
        running: deque[Future[Outcome]] = deque()
        while True:
            while len(running) <= self._reader.concurrency and (item := next(waiting, None)) is not None:
                running.append(self._threads.submit(self._read, item))
            if not running:
                return
            yield running.popleft().result()

    def open(self, item: Input) -> Reading:
        """Opens one document for `pages`.

        Raises:
            QuireError: it cannot be opened, or the options do not fit it.
        """
        return self._reader.open(item.document, self._options, name=item.relative.as_posix())

    def pages(self, reading: Reading) -> Iterator[Page | PageFailure]:
        """Pages of one reading, counted as they come; stopped with the batch."""
        self._progress.expect(len(reading.numbers))
        with self._lock:
            self._unfinished.add(reading)
            if self._stopped:
                reading.close()
        try:
            for outcome in reading:
                self._progress.advance()
                yield outcome
        finally:
            with self._lock:
                self._unfinished.discard(reading)

    def _read(self, item: Input) -> Outcome:
        try:
            with self.open(item) as reading:
                return Outcome(item, _document(reading.head, self.pages(reading)))
        except QuireError as error:
            return Outcome(item, error)
        except Exception:  # noqa: BLE001 - one document's bug must not take the others along
            _log.exception("a document could not be read")
            return Outcome(item, QuireError("a defect stopped the reading: please report what is written above"))


def _document(head: Document, outcomes: Iterable[Page | PageFailure]) -> Document:
    every = list(outcomes)
    pages = tuple(outcome for outcome in every if isinstance(outcome, Page))
    return replace(head, pages=pages, errors=tuple(outcome for outcome in every if isinstance(outcome, PageFailure)))
