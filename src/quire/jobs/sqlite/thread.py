"""One connection on a thread of its own: the event loop never waits for the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from quire.jobs.sqlite.connection import wrapped

T = TypeVar("T")


class DatabaseThread:
    """Runs work on a connection, one piece after the other."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._db: sqlite3.Connection | None = None

    async def open(self, connect: Callable[[], sqlite3.Connection]) -> None:
        """Connects.

        Raises:
            OutputError: the database cannot be used.
        """
        self._db = await self._call(connect)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What the work returns. Work that was started is done even when the caller is cancelled.

        Raises:
            OutputError, StorageFull: the database cannot be used, or its disk is full.
        """
        db = self._db
        if db is None:
            raise RuntimeError("the database is not open")
        return await self._call(lambda: work(db))

    async def close(self) -> None:
        """Waits for the work that was started, and disconnects."""
        db, self._db = self._db, None
        try:
            if db is not None:
                await self._call(db.close)
        finally:
            self._executor.shutdown(wait=False)

    async def _call(self, work: Callable[[], T]) -> T:
        with wrapped():
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
