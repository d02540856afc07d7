"""The real server in a process of its own, on a free port, with a data folder that goes with it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.request import urlopen

from quire.errors import EngineFailed

_START_S: Final = 180.0
_STOP_S: Final = 60.0
_ADDRESS: Final = re.compile(r"http://[0-9.]+:(\d+)")
_POLL_S: Final = 0.1
_LOG_TAIL: Final = 2000


@dataclass(frozen=True, slots=True)
class RunningServer:
    """A server that is ready."""

    pid: int
    port: int

    def stats(self) -> Mapping[str, Any]:
        """What `/v1/stats` says now; blocks."""
        with urlopen(f"http://127.0.0.1:{self.port}/v1/stats", timeout=30) as answer:
            found: Mapping[str, Any] = json.load(answer)
        return found

    def worker_pids(self) -> list[int]:
        return [worker["pid"] for worker in self.stats()["pool"]["workers"] if worker["pid"]]


@contextmanager
def running_server(**variables: str) -> Iterator[RunningServer]:
    """`quire serve`, with variables such as `QUIRE_QUEUE_SIZE="8"` and else the defaults; all workers are ready.

    Raises:
        EngineFailed: it does not become ready.
    """
    with TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        own = {"QUIRE_DATA_DIR": str(Path(folder) / "data"), "QUIRE_PORT": "0", "QUIRE_HOST": "127.0.0.1"}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("QUIRE_")}
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "quire", "serve"],
                env=clean | own | variables,
                stdout=file,
                stderr=file,
            )
        try:
            yield _ready(process, log)
        finally:
            _stop(process)


def _ready(process: subprocess.Popen[bytes], log: Path) -> RunningServer:
    deadline = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < deadline:
        said = _ADDRESS.search(log.read_text(encoding="utf-8", errors="replace"))
        if said is not None and _all_ready(server := RunningServer(process.pid, int(said[1]))):
            return server
        time.sleep(_POLL_S)
    raise _failed(log)


def _all_ready(server: RunningServer) -> bool:
    try:
        urlopen(f"http://127.0.0.1:{server.port}/readyz", timeout=30).close()
        return all(worker["state"] != "starting" for worker in server.stats()["pool"]["workers"])
    except OSError:  # an HTTPError is one: the engine is loading; so is a port where nobody answers yet
        return False


def _failed(log: Path) -> EngineFailed:
    tail = log.read_text(encoding="utf-8", errors="replace")[-_LOG_TAIL:]
    print(tail, file=sys.stderr)
    return EngineFailed("the server did not become ready: see its messages above")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
