"""Jobs go in two steps: a mark, at once; then their rows, a slice at a time, so that pages are saved in between.

A process that dies half-way leaves marked jobs behind, and the next one goes on with them.
"""

from __future__ import annotations

import sqlite3
from typing import Final, Literal

from quire.jobs.model import Job
from quire.jobs.sqlite.jobs import find
from quire.jobs.sqlite.rows import job_of

_TOMBSTONE_S: Final = 24 * 3600
_JOBS: Final = 50
_PAGES: Final = 200
_EVENTS: Final = 2000
_FREED_PAGES: Final = 2000
"""Of the database file, given back to the disk at once."""


def delete(db: sqlite3.Connection, job_id: str, owner: str | None, now: float) -> None:
    """Marks a job as deleted."""
    _mark(db, find(db, job_id, owner, now), "deleted", now)


def expire(db: sqlite3.Connection, now: float) -> list[Job]:
    """Marks jobs whose time is over, some at once."""
    rows = db.execute(
        "SELECT * FROM jobs WHERE removal IS NULL AND expires_at <= ? ORDER BY expires_at LIMIT ?", (now, _JOBS)
    ).fetchall()
    jobs = [job_of(db, row) for row in rows]
    for row in rows:
        _mark(db, row, "expired", now)
    return jobs


def _mark(db: sqlite3.Connection, row: sqlite3.Row, removal: Literal["expired", "deleted"], now: float) -> None:
    """Removes a job from sight, and of what it holds all but who may ask for it."""
    db.execute(
        "UPDATE jobs SET removal = ?, removed_at = ?, password = NULL, options = '{}', idempotency_key = NULL,"
        " request_digest = '', webhook_url = NULL, error_detail = NULL WHERE key = ?",
        (removal, now, row["key"]),
    )


def purge(db: sqlite3.Connection, now: float) -> bool:
    """Removes a slice of what marked jobs hold; False when nothing is left."""
    row = db.execute("SELECT key, removal FROM jobs WHERE removal IN ('expired', 'deleted') LIMIT 1").fetchone()
    if row is None:
        _drop_tombstones(db, now)
        return False
    if not (_purge_pages(db, row["key"]) or _purge_events(db, row["key"])):
        _bury(db, row)
    return True


def _purge_pages(db: sqlite3.Connection, key: int) -> bool:
    some = "SELECT rowid FROM pages WHERE job = ? LIMIT ?"
    return db.execute(f"DELETE FROM pages WHERE rowid IN ({some})", (key, _PAGES)).rowcount > 0  # noqa: S608


def _purge_events(db: sqlite3.Connection, key: int) -> bool:
    some = "SELECT id FROM events WHERE job = ? ORDER BY id LIMIT ?"
    deleted = db.execute(f"DELETE FROM events WHERE job = ? AND id IN ({some})", (key, key, _EVENTS))  # noqa: S608
    return deleted.rowcount > 0


def _bury(db: sqlite3.Connection, row: sqlite3.Row) -> None:
    if row["removal"] == "deleted":
        db.execute("DELETE FROM jobs WHERE key = ?", (row["key"],))
        return
    db.execute("DELETE FROM documents WHERE job = ?", (row["key"],))
    db.execute("UPDATE jobs SET removal = 'purged' WHERE key = ?", (row["key"],))


def _drop_tombstones(db: sqlite3.Connection, now: float) -> None:
    """Forgets some of the jobs that expired long ago."""
    some = "SELECT key FROM jobs WHERE removal = 'purged' AND removed_at <= ? LIMIT ?"
    db.execute(f"DELETE FROM jobs WHERE key IN ({some})", (now - _TOMBSTONE_S, _EVENTS))  # noqa: S608


def shrink(db: sqlite3.Connection) -> bool:
    """Gives some of the space that removed rows left back to the disk; False when that is all. No transaction may be
    open."""
    (before,) = db.execute("PRAGMA freelist_count").fetchone()
    # A script: the module's `execute` stops after the first page.
    db.executescript(f"PRAGMA incremental_vacuum({_FREED_PAGES})")
    (left,) = db.execute("PRAGMA freelist_count").fetchone()
    if 0 < left < before:
        return True
    # What was removed, passwords too, is in the log of changes until that starts afresh.
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return False


def blobs_in_use(db: sqlite3.Connection) -> set[str]:
    rows = db.execute(
        "SELECT sha256 FROM documents JOIN jobs ON jobs.key = job WHERE removal IS NULL UNION SELECT sha256 FROM files"
    )
    return {row["sha256"] for row in rows}
