"""Uploaded files: what is known of each; their bytes are blobs."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict

from quire.errors import DocumentNotFound
from quire.jobs.model import KeptFile
from quire.jobs.sqlite.connection import require_room

_THERE = "expires_at > :now AND (:owner IS NULL OR owner = :owner)"


def add(db: sqlite3.Connection, file: KeptFile, max_bytes: int) -> None:
    require_room(db, max_bytes)
    columns = asdict(file)
    marks = ", ".join(f":{name}" for name in columns)
    db.execute(f"INSERT INTO files ({', '.join(columns)}) VALUES ({marks})", columns)  # noqa: S608


def get(db: sqlite3.Connection, file_id: str, owner: str | None, now: float) -> KeptFile:
    """A file that is there.

    Raises:
        DocumentNotFound: it is not, or not for this owner.
    """
    asked = {"id": file_id, "owner": owner, "now": now}
    row = db.execute(f"SELECT * FROM files WHERE id = :id AND {_THERE}", asked).fetchone()  # noqa: S608
    if row is None:
        raise DocumentNotFound("there is no such file: check its id and the API key; files go when their time is over")
    return KeptFile(**row)


def some(db: sqlite3.Connection, owner: str | None, limit: int, offset: int, now: float) -> list[KeptFile]:
    """The owner's files, the newest first."""
    asked = {"owner": owner, "now": now, "limit": limit, "offset": offset}
    query = f"SELECT * FROM files WHERE {_THERE} ORDER BY created_at DESC, id LIMIT :limit OFFSET :offset"  # noqa: S608
    return [KeptFile(**row) for row in db.execute(query, asked)]


def count(db: sqlite3.Connection, owner: str | None, now: float) -> int:
    (number,) = db.execute(f"SELECT count(*) FROM files WHERE {_THERE}", {"owner": owner, "now": now}).fetchone()  # noqa: S608
    return int(number)


def delete(db: sqlite3.Connection, file_id: str, owner: str | None, now: float) -> None:
    """Raises:
    DocumentNotFound: as in `get`.
    """
    get(db, file_id, owner, now)
    db.execute("DELETE FROM files WHERE id = ?", (file_id,))


def expire(db: sqlite3.Connection, now: float) -> None:
    """Forgets files whose time is over."""
    db.execute("DELETE FROM files WHERE expires_at <= ?", (now,))
