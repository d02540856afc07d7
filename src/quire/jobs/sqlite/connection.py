"""Connections to the database, and what their errors mean."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from quire.errors import OutputError, StorageFull
from quire.jobs.sqlite.schema import migrate

_log = logging.getLogger(__name__)

_BUSY_S: Final = 5.0
_WAL_BYTES: Final = 64_000_000


def connect_writer(path: Path) -> sqlite3.Connection:
    """The connection that writes; makes the file, which only its owner may read, and brings its schema up to date."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
    db = _connect(path)
    # Before the first table; lets `removal` give space back to the disk.
    db.execute("PRAGMA auto_vacuum=INCREMENTAL")
    db.execute("PRAGMA journal_mode=WAL")
    # Written through at checkpoints: outlives the process whatever happens to it, at no wait for the disk.
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute(f"PRAGMA journal_size_limit={_WAL_BYTES}")
    # Text and passwords that were removed are overwritten.
    db.execute("PRAGMA secure_delete=ON")
    db.execute("PRAGMA foreign_keys=ON")
    migrate(db)
    return db


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that only reads; the writer's must have been there before."""
    db = _connect(path)
    db.execute("PRAGMA query_only=ON")
    return db


def _connect(path: Path) -> sqlite3.Connection:
    # Transactions are begun by hand: the module's own start late and end early.
    db = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    db.row_factory = sqlite3.Row
    return db


def used_bytes(db: sqlite3.Connection) -> int:
    """Size of what the database holds, free pages left out."""
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    (free,) = db.execute("PRAGMA freelist_count").fetchone()
    (size,) = db.execute("PRAGMA page_size").fetchone()
    return int((pages - free) * size)


def require_room(db: sqlite3.Connection, max_bytes: int) -> None:
    """Raises:
    StorageFull: the database holds as much as it may.
    """
    if used_bytes(db) >= max_bytes:
        raise StorageFull("the server keeps as many results as it may: delete finished jobs, or try again later")


@contextmanager
def wrapped() -> Iterator[None]:
    """Turns the database's errors into those of this package.

    Raises:
        StorageFull: the disk is full.
        OutputError: the database cannot be used.
    """
    try:
        yield
    except (sqlite3.Error, OSError) as exc:
        _log.warning("the job database failed: %s", type(exc).__name__, exc_info=True)
        if getattr(exc, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise StorageFull("the disk with the job database is full: free some space") from exc
        raise OutputError(
            "the job database cannot be used: check the disk of the data folder; the log says why"
        ) from exc
