"""One run of the program `tesseract`: an image in, a report out, nothing on the disk."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event, Thread
from typing import Final

from quire.engines.tesseract.config import TesseractConfig
from quire.errors import Cancelled, EngineFailed, EngineStartError

_log = logging.getLogger(__name__)

_POLL_S: Final = 0.05
_MOST_MEMORY_BYTES: Final = 4_000_000_000
"""Of address space. A page of 100 megapixels takes 0.6 GB."""


@dataclass(frozen=True, slots=True)
class Report:
    """How one run ended.

    Attributes:
        status: 0 when all went well, a negative number for a signal.
        output: what it wrote to its standard output, whatever the status.
        said: what it wrote to its standard error.
    """

    status: int
    output: str
    said: str

    def checked(self) -> str:
        """The output of a run that went well.

        Raises:
            EngineFailed: it did not.
        """
        if self.status:
            _log.warning("tesseract ended with status %d: %.200s", self.status, self.said)
            raise EngineFailed(f"tesseract ended with status {self.status}: the log says why")
        return self.output


@dataclass(frozen=True, slots=True)
class Command:
    """Runs the program in a process group of its own; threads may do so at once."""

    config: TesseractConfig

    def run(self, arguments: Sequence[str], image: bytes = b"", stop: Event | None = None) -> Report:
        """Waits for the program to end.

        Args:
            image: its standard input.
            stop: ends the program at once when set.

        Raises:
            EngineStartError: there is no such program.
            EngineFailed: it took too long.
            Cancelled: `stop` was set.
        """
        with self._started(arguments) as child, _watched(child, stop):
            try:
                output, said = child.communicate(image, timeout=self.config.timeout_s)
            except subprocess.TimeoutExpired as exc:
                raise EngineFailed("tesseract took too long for the page: raise `tesseract.timeout_s`") from exc
            finally:
                _end(child)
        if stop is not None and stop.is_set():
            raise Cancelled("whoever asked has left")
        return Report(child.returncode, output.decode("utf-8", "replace"), said.decode("utf-8", "replace"))

    def _started(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        folder = self.config.tessdata_dir
        line = [self.config.command, *arguments, *(["--tessdata-dir", str(folder)] if folder else [])]
        # Several threads of Tesseract wait for each other more than they help: pages are read side by side instead.
        environment = os.environ | {"OMP_THREAD_LIMIT": "1"}
        pipe = subprocess.PIPE
        try:
            # The command is the operator's; what callers say of languages is replaced by names of installed ones.
            child = subprocess.Popen(  # noqa: S603
                line, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, process_group=0
            )
        except OSError as exc:
            raise EngineStartError(
                f"the program tesseract cannot be run ({exc.strerror}): install it (`apt-get install tesseract-ocr`), "
                "or correct `tesseract.command`"
            ) from exc
        _bound(child.pid, self.config.timeout_s)
        return child


@contextlib.contextmanager
def _watched(child: subprocess.Popen[bytes], stop: Event | None) -> Iterator[None]:
    """Ends the process when `stop` is set."""
    if stop is None:
        yield
        return
    done = Event()

    def watch() -> None:
        while not done.wait(_POLL_S):
            if stop.is_set():
                _end(child)
                return

    Thread(target=watch, name="quire-tesseract-stop", daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _bound(pid: int, seconds: float) -> None:
    """Bounds a process that this one may not be there any more to watch over; Linux only."""
    import resource

    if hasattr(resource, "prlimit"):
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_AS, (_MOST_MEMORY_BYTES, _MOST_MEMORY_BYTES))
            resource.prlimit(pid, resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
