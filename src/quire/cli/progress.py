"""A progress bar on stderr, for people only: nothing is written where stderr is not a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress


class Progress:
    """Pages read of pages known; of a server, what was sent to it besides. Thread-safe."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._console = Console(stderr=True)
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[unit]}"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._shown,
            # Results go to stdout as bytes, past any wrapper; the wrapper would send them to stderr.
            redirect_stdout=False,
        )
        self._task = self._bar.add_task("reading", total=0, unit="pages")
        self._sending: TaskID | None = None
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
        if self._shown:
            self._console.print(self._summary(), highlight=False)

    def expect(self, pages: int) -> None:
        """Adds pages to the total."""
        task = self._bar.tasks[0]
        self._bar.update(self._task, total=(task.total or 0) + pages)

    def advance(self, pages: int = 1) -> None:
        """Counts pages as done."""
        self._bar.advance(self._task, pages)

    def uploading(self) -> Callable[[int, int], None]:
        """What shows an upload: it is called with the bytes that were sent, and with how many there are."""
        sent = size = 0
        if self._sending is None:
            self._sending = self._bar.add_task("sending", total=0, unit="kB")
        task = self._sending

        def show(bytes_sent: int, bytes_total: int) -> None:
            nonlocal sent, size
            total = (self._bar.tasks[task].total or 0) + (bytes_total - size) // 1000
            self._bar.update(task, total=total, advance=bytes_sent // 1000 - sent // 1000)
            sent, size = bytes_sent, bytes_total

        return show

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Takes the bar away while something is written to the same terminal."""
        if not (self._shown and sys.stdout.isatty()):
            yield
            return
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()

    def _summary(self) -> str:
        pages = int(self._bar.tasks[0].completed)
        seconds = time.monotonic() - self._started
        return f"{pages} pages in {seconds:.1f} s ({pages / max(seconds, 1e-9):.1f} pages/s)"
