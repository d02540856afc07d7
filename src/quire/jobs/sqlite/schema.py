"""Tables of the job database, version by version. `PRAGMA user_version` says which a file has."""

from __future__ import annotations

import sqlite3
from typing import Final

from quire.errors import OutputError

_VERSION_1: Final = (
    """
    CREATE TABLE jobs (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        owner TEXT NOT NULL,
        state TEXT NOT NULL,
        priority TEXT NOT NULL,
        options TEXT NOT NULL,
        password TEXT,
        idempotency_key TEXT,
        request_digest TEXT NOT NULL,
        webhook_url TEXT,
        ttl_s REAL NOT NULL,
        timeout_s REAL,
        format TEXT,
        cached INTEGER NOT NULL,
        created_at REAL NOT NULL,
        started_at REAL,
        finished_at REAL,
        expires_at REAL,
        error_code TEXT,
        error_detail TEXT,
        pages_total INTEGER NOT NULL DEFAULT 0,
        pages_done INTEGER NOT NULL DEFAULT 0,
        last_event INTEGER NOT NULL DEFAULT 0,
        -- A job that was removed: 'expired' or 'deleted' while it has rows in other tables, then 'purged'.
        removal TEXT,
        removed_at REAL
    )
    """,
    "CREATE UNIQUE INDEX jobs_by_idempotency_key ON jobs (owner, idempotency_key) WHERE idempotency_key IS NOT NULL",
    "CREATE INDEX jobs_by_state ON jobs (state) WHERE removal IS NULL",
    "CREATE INDEX jobs_by_expiry ON jobs (expires_at) WHERE removal IS NULL AND expires_at IS NOT NULL",
    "CREATE INDEX jobs_by_removal ON jobs (removal, removed_at) WHERE removal IS NOT NULL",
    """
    CREATE TABLE documents (
        job INTEGER NOT NULL REFERENCES jobs (key) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'queued',
        pages_total INTEGER,
        pages_done INTEGER NOT NULL DEFAULT 0,
        pages_failed INTEGER NOT NULL DEFAULT 0,
        error_code TEXT,
        error_detail TEXT,
        -- JSON of what opening it told.
        head TEXT,
        numbers TEXT,
        PRIMARY KEY (job, position)
    )
    """,
    """
    CREATE TABLE pages (
        job INTEGER NOT NULL,
        position INTEGER NOT NULL,
        number INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        -- zlib
        content BLOB NOT NULL,
        PRIMARY KEY (job, position, number),
        FOREIGN KEY (job, position) REFERENCES documents (job, position)
    )
    """,
    """
    CREATE TABLE events (
        job INTEGER NOT NULL REFERENCES jobs (key) ON DELETE CASCADE,
        id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        data TEXT NOT NULL,
        PRIMARY KEY (job, id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE deliveries (
        id TEXT PRIMARY KEY,
        job INTEGER NOT NULL REFERENCES jobs (key) ON DELETE CASCADE,
        url TEXT NOT NULL,
        body BLOB NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        due_at REAL NOT NULL
    )
    """,
    "CREATE INDEX deliveries_by_job ON deliveries (job)",
    "CREATE INDEX deliveries_by_due ON deliveries (due_at)",
)

_VERSION_2: Final = (
    """
    CREATE TABLE files (
        id TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        name TEXT NOT NULL,
        purpose TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        -- Signs addresses under which the file is had without a key.
        secret BLOB NOT NULL,
        created_at REAL NOT NULL,
        expires_at REAL NOT NULL
    )
    """,
    "CREATE INDEX files_by_owner ON files (owner, created_at)",
    "CREATE INDEX files_by_expiry ON files (expires_at)",
)

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (_VERSION_1, _VERSION_2)
"""Statements that lead from each version to the next, starting at an empty file."""


def migrate(db: sqlite3.Connection) -> None:
    """Brings a database to the newest version, in one transaction.

    Raises:
        OutputError: a later release of Quire has written it.
    """
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise OutputError("the job database was written by a later release: install that, or use another data folder")
    if version == len(MIGRATIONS):
        return
    db.execute("BEGIN IMMEDIATE")
    for statements in MIGRATIONS[version:]:
        for statement in statements:
            db.execute(statement)
    db.execute(f"PRAGMA user_version={len(MIGRATIONS)}")
    db.execute("COMMIT")
