"""Writes in groups: all that came while the last transaction ran goes into the next one.

A transaction costs more than the few rows of one write, so a busy server saves many pages in each, and an idle
one saves a page at once. A write that fails takes no other along: its group is done again, each write alone.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from quire.errors import Cancelled
from quire.jobs.sqlite.connection import wrapped
from quire.jobs.sqlite.thread import DatabaseThread

T = TypeVar("T")
Write = Callable[[sqlite3.Connection], T]

_GROUP: Final = 64
_WAITING: Final = 1024
"""Writes in hand at once; further ones wait for their turn to be taken in."""


@dataclass(frozen=True, slots=True)
class _Task:
    write: Write[Any]
    done: asyncio.Future[Any]

    def settle(self, outcome: _Outcome) -> None:
        if self.done.done():
            return
        if outcome.error is not None:
            self.done.set_exception(outcome.error)
        else:
            self.done.set_result(outcome.value)


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: Any = None
    error: Exception | None = None


class Writer:
    """Takes writes from one event loop, in order, and does them on the database's thread."""

    def __init__(self, thread: DatabaseThread) -> None:
        self._thread = thread
        self._waiting: deque[_Task] = deque()
        self._room = asyncio.Semaphore(_WAITING)
        self._flushing: asyncio.Task[None] | None = None
        self._closed = False

    async def do(self, write: Write[T]) -> T:
        """What the write returns, once it is committed. It may run twice, only one run counts.

        A write that was taken in is done even when the caller is cancelled.

        Raises:
            Cancelled: the writer is closed.
            OutputError, StorageFull: the write failed and left nothing behind.
        """
        async with self._room:
            if self._closed:
                raise Cancelled("the server is stopping: send it again")
            task = _Task(write, asyncio.get_running_loop().create_future())
            self._waiting.append(task)
            if self._flushing is None:
                self._flushing = asyncio.create_task(self._flush())
            result: T = await task.done
            return result

    async def close(self) -> None:
        """Takes no further write, and waits for those taken in."""
        self._closed = True
        if self._flushing is not None:
            await self._flushing

    async def _flush(self) -> None:
        while self._waiting:
            group = [self._waiting.popleft() for _ in range(min(_GROUP, len(self._waiting)))]
            outcomes = await self._thread.run(partial(_run, writes=[task.write for task in group]))
            for task, outcome in zip(group, outcomes, strict=True):
                task.settle(outcome)
        self._flushing = None


def _run(db: sqlite3.Connection, writes: Sequence[Write[Any]]) -> list[_Outcome]:
    if len(writes) > 1:
        try:
            return [_Outcome(value) for value in _transaction(db, writes)]
        except Exception:  # noqa: BLE001 - one write's failure must not become another's
            return [_alone(db, write) for write in writes]
    return [_alone(db, write) for write in writes]


def _alone(db: sqlite3.Connection, write: Write[Any]) -> _Outcome:
    try:
        with wrapped():
            return _Outcome(*_transaction(db, [write]))
    except Exception as exc:  # noqa: BLE001 - belongs to the one who waits for this write
        return _Outcome(error=exc)


def _transaction(db: sqlite3.Connection, writes: Sequence[Write[Any]]) -> list[Any]:
    db.execute("BEGIN IMMEDIATE")
    try:
        values = [write(db) for write in writes]
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return values
