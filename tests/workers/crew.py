"""Pools of workers with the faulty engine, and documents for them."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from quire.options import ReadOptions
from quire.workers.config import WorkerConfig
from quire.workers.pool import WorkerPool
from quire.workers.stats import PoolEvent
from quire.workers.tasks import DocumentRef, PageRead
from sheets import grey_tiff

OPTIONS = ReadOptions()
LOAD_S = 30.0


class Notes:
    """An observer that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[PoolEvent] = []

    def note(self, event: PoolEvent) -> None:
        self.events.append(event)


def config(marks: Path, faults: str = "", **changes: Any) -> WorkerConfig:
    """Of a pool of one worker with the faulty engine, whose marks go into the folder."""
    values: dict[str, Any] = {
        "engine": faults,
        "models_dir": marks,
        "engine_factory": "faulty_engine:create",
        "heartbeat_s": 0.1,
        "page_timeout_s": 30.0,
    }
    return WorkerConfig(**(values | changes))


def stored(folder: Path, content: bytes, name: str = "scan.tif") -> DocumentRef:
    """A document on disk, at a path by its digest."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / sha256
    path.write_bytes(content)
    return DocumentRef(path, sha256, name)


def shades(folder: Path, count: int) -> DocumentRef:
    """A document whose pages tell the faulty engine their numbers."""
    return stored(folder, grey_tiff(range(1, count + 1)))


def text(read: PageRead) -> str:
    return str(json.loads(read.content)["text"])


def code(read: PageRead) -> str:
    assert read.failed
    return str(json.loads(read.content)["code"])


def reads(marks: Path, number: int) -> int:
    """How often the engine began to read the page."""
    file = marks / f"read-{number}"
    return len(file.read_text()) if file.exists() else 0


def pid(pool: WorkerPool) -> int:
    """Of the only worker."""
    found = pool.stats().workers[0].pid
    assert found is not None
    return found


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def until(condition: Callable[[], bool]) -> None:
    """Waits for something that happens elsewhere."""
    async with asyncio.timeout(LOAD_S):
        while not condition():
            await asyncio.sleep(0.01)
