"""The file of the disk tier: opened, bounded, thrown away."""

from __future__ import annotations

import os
import sqlite3
import zlib
from pathlib import Path
from typing import Final

PAGE_BYTES: Final = 4096
_VERSION: Final = 1
_BUSY_S: Final = 1.0
_LOG_BYTES: Final = 16_000_000
# A full disk is one of them: a cache is the first that should give way.
_MENDED_BY_A_NEW_FILE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FULL})


def open_file(path: Path, limit_bytes: int) -> sqlite3.Connection:
    """The file with its table, made where it is not there yet; transactions are the caller's.

    Raises:
        sqlite3.Error: it is damaged, locked or cannot be written.
        OSError: it cannot be made.
    """
    # Made here, so that nobody else can read it for a moment; what SQLite puts beside it has its permissions.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
    try:
        _prepare(connection, limit_bytes)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, limit_bytes: int) -> None:
    for setting in (
        f"page_size = {PAGE_BYTES}",
        "journal_mode = WAL",
        "synchronous = OFF",
        f"journal_size_limit = {_LOG_BYTES}",
        f"max_page_count = {max(1, limit_bytes // PAGE_BYTES)}",
    ):
        connection.execute(f"PRAGMA {setting}").fetchall()
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        if found != _VERSION:
            _create(connection)


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TABLE IF EXISTS entries")
    # The content comes last, so that the other columns are read without it; `by_use` answers what eviction asks.
    connection.execute("CREATE TABLE entries (key TEXT PRIMARY KEY, used_at INTEGER, size_bytes INTEGER, content BLOB)")
    connection.execute("CREATE INDEX by_use ON entries (used_at, size_bytes)")
    connection.execute(f"PRAGMA user_version = {_VERSION}")


def remove_file(path: Path) -> None:
    """Removes the file and what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def mendable(exc: Exception) -> bool:
    """Whether a new file helps against the failure."""
    if isinstance(exc, zlib.error):
        return True
    # The upper bits of SQLite's code are details.
    return getattr(exc, "sqlite_errorcode", 0) & 0xFF in _MENDED_BY_A_NEW_FILE
