"""The file with keys and used quotas: SQLite, readable by its owner alone, shared with `quire keys`."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final

from quire.errors import AccessUnavailable

FILE_NAME: Final = "access.db"

_BUSY_TIMEOUT_S: Final = 5.0
_RETRY_AFTER_S: Final = 5.0
_MIGRATIONS: Final = (
    """
    CREATE TABLE keys (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        digest BLOB NOT NULL,
        scopes TEXT NOT NULL,
        rate TEXT,
        quota TEXT,
        created_at REAL NOT NULL,
        expires_at REAL,
        revoked_at REAL
    ) STRICT;
    CREATE TABLE used_pages (
        counted_as TEXT NOT NULL,
        window_s INTEGER NOT NULL,
        ends_at INTEGER NOT NULL,
        pages INTEGER NOT NULL,
        PRIMARY KEY (counted_as, window_s)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX used_pages_by_end ON used_pages (ends_at);
    """,
)
"""Each brings the schema one version further; released ones are never changed."""


class AccessDatabase:
    """One connection for all threads; one of them at a time.

    Args:
        path: of the file, made when absent.

    Raises:
        AccessUnavailable: it cannot be opened, is damaged, or was written by a later release.
    """

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        with _wrapped():
            _make_private(path)
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
        self._migrate()

    def close(self) -> None:
        """Closes the file; nothing may be asked after that."""
        with self._lock:
            self._connection.close()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query finds.

        Raises:
            AccessUnavailable: the file cannot be read.
        """
        with self._lock, _wrapped():
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Writes that happen all or not at all, one writer at a time, over all processes.

        Raises:
            AccessUnavailable: the file cannot be written.
        """
        with self._lock, _wrapped():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _migrate(self) -> None:
        with self.transaction() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > len(_MIGRATIONS):
                raise AccessUnavailable(f"{FILE_NAME} was written by a later release: use that release")
            for number, migration in enumerate(_MIGRATIONS[version:], version + 1):
                for statement in migration.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Made before SQLite opens it, whose own files then get the same permissions.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)


@contextmanager
def _wrapped() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as exc:
        raise AccessUnavailable(
            f"keys and quotas cannot be read or written: check the free space, and the permissions of {FILE_NAME} "
            "in the data folder",
            retry_after_s=_RETRY_AFTER_S,
        ) from exc
