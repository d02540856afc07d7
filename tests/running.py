"""Servers in processes of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

START_TIMEOUT_S = 60.0
FAKE = Path(__file__).parent / "fake_server.py"


class Server:
    """A running server.

    Attributes:
        http: a client of it.
    """

    def __init__(self, command: list[str], log: Path, **variables: str) -> None:
        self._log = log
        environment = {name: value for name, value in os.environ.items() if not name.startswith("QUIRE_")}
        with log.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                env=environment | variables,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
            )
        assert self.process.stdout is not None
        greeting = self.process.stdout.readline()
        found = re.search(r"http://[0-9.]+:\d+", greeting)
        if not found:
            self.process.wait(timeout=START_TIMEOUT_S)
            self.process.stdout.close()
            raise AssertionError(f"the server did not start: {greeting}{self.log}")
        self.http = httpx.Client(base_url=found[0], timeout=30)

    @property
    def log(self) -> str:
        return self._log.read_text()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while (ready := self.http.get("/readyz")).status_code != 200:
            loading = "still loading" in ready.json()["detail"]
            assert loading, f"the engine did not start: {self.log}"
            assert time.monotonic() < deadline, "the engine is still loading"
            time.sleep(0.05)

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Signals the server and waits; its exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout=30)

    def close(self) -> None:
        self.http.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def quire_serve(folder: Path, *arguments: str, **variables: str) -> Iterator[Server]:
    """`quire serve` with the arguments, once it is ready; its data and its log are in the folder."""
    running = Server(
        ["-m", "quire", "serve", "--port", "0", *arguments],
        folder / "server.log",
        QUIRE_DATA_DIR=str(folder / "data"),
        **variables,
    )
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.close()


class FakeServer(Server):
    """A server around `fake_server.FakeEngine`."""

    def __init__(self, folder: Path, page_s: float, start_s: float, fault: str, **variables: str) -> None:
        self._pages = folder / "pages.log"
        self._pages.touch()
        fake = {
            "FAKE_PAGE_S": str(page_s),
            "FAKE_START_S": str(start_s),
            "FAKE_FAULT": fault,
            "FAKE_LOG": str(self._pages),
            "PYTHONPATH": str(FAKE.parent),
            "QUIRE_DATA_DIR": str(folder / "data"),
            "QUIRE_WORKERS": "1",
        }
        super().__init__([str(FAKE)], folder / "server.log", **fake | variables)

    @property
    def begun(self) -> list[tuple[int, int]]:
        """Document and number of each page that was begun, in order."""
        return [(int(document), int(number)) for document, number in map(str.split, self._lines())]

    @property
    def pages_begun(self) -> int:
        return len(self._lines())

    def _lines(self) -> list[str]:
        return self._pages.read_text().splitlines()
