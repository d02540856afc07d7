"""Pages as they were read, compressed."""

from __future__ import annotations

import sqlite3
import zlib
from typing import Final

from quire.errors import StorageFull
from quire.jobs.model import PageRow
from quire.jobs.sqlite import events
from quire.jobs.sqlite.connection import used_bytes

_LEVEL: Final = 1


def save(db: sqlite3.Connection, key: int, index: int, page: PageRow, max_bytes: int) -> bool:
    """Keeps a page of a document that is not finished; False when it was there.

    Raises:
        StorageFull: the database holds `max_bytes`.
    """
    place = (key, index)
    if not _open(db, place) or _exists(db, place, page.number):
        return False
    if used_bytes(db) >= max_bytes:
        raise StorageFull("the server keeps as many results as it may: delete finished jobs, then send it again")
    db.execute(
        "INSERT INTO pages (job, position, number, failed, content) VALUES (?, ?, ?, ?, ?)",
        (*place, page.number, page.failed, zlib.compress(page.content, _LEVEL)),
    )
    db.execute(
        "UPDATE documents SET pages_done = pages_done + 1, pages_failed = pages_failed + ?"
        " WHERE job = ? AND position = ?",
        (page.failed, *place),
    )
    db.execute("UPDATE jobs SET pages_done = pages_done + 1 WHERE key = ?", (key,))
    events.append(db, key, "page", {"document": index, "page": page.number, "failed": page.failed})
    return True


def _open(db: sqlite3.Connection, place: tuple[int, int]) -> bool:
    row = db.execute("SELECT state FROM documents WHERE job = ? AND position = ?", place).fetchone()
    return row is not None and row["state"] == "running"


def _exists(db: sqlite3.Connection, place: tuple[int, int], number: int) -> bool:
    found = db.execute("SELECT 1 FROM pages WHERE job = ? AND position = ? AND number = ?", (*place, number))
    return found.fetchone() is not None


def after(db: sqlite3.Connection, job_id: str, index: int, number: int, limit: int) -> list[PageRow]:
    """The next pages above a number, ascending."""
    rows = db.execute(
        "SELECT number, content, failed FROM pages JOIN jobs ON jobs.key = pages.job"
        " WHERE jobs.id = ? AND removal IS NULL AND position = ? AND number > ? ORDER BY number LIMIT ?",
        (job_id, index, number, limit),
    )
    return [PageRow(row["number"], zlib.decompress(row["content"]), bool(row["failed"])) for row in rows]


def numbers(db: sqlite3.Connection, job_id: str, index: int) -> set[int]:
    rows = db.execute(
        "SELECT number FROM pages JOIN jobs ON jobs.key = pages.job"
        " WHERE jobs.id = ? AND removal IS NULL AND position = ?",
        (job_id, index),
    )
    return {row["number"] for row in rows}
