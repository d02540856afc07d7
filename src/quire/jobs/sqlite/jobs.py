"""Jobs: made, looked up, and led from state to state."""

from __future__ import annotations

import sqlite3
from typing import Final

from quire.errors import IdempotencyConflict, JobExpired, JobNotFound
from quire.jobs.model import FINAL_STATES, NEXT_STATES, Failure, Job, JobSpec, JobState
from quire.jobs.sqlite import deliveries, documents, events
from quire.jobs.sqlite.connection import require_room
from quire.jobs.sqlite.rows import failure_columns, job_columns, job_of

_UNFINISHED: Final = "removal IS NULL AND state IN ('queued', 'running')"


def create(db: sqlite3.Connection, spec: JobSpec, job_id: str, now: float, max_bytes: int) -> tuple[Job, bool]:
    """A new job, or the one that the owner made with the same key."""
    known = _of_key(db, spec, now)
    if known is not None:
        return known, False
    require_room(db, max_bytes)
    columns = job_columns(spec) | {"id": job_id, "state": "queued", "created_at": now}
    names = ", ".join(columns)
    marks = ", ".join("?" * len(columns))
    key = db.execute(f"INSERT INTO jobs ({names}) VALUES ({marks})", tuple(columns.values())).lastrowid  # noqa: S608
    db.executemany(
        "INSERT INTO documents (job, position, name, sha256, size_bytes) VALUES (?, ?, ?, ?, ?)",
        [(key, index, doc.name, doc.sha256, doc.size_bytes) for index, doc in enumerate(spec.documents)],
    )
    return get(db, job_id, None, now), True


def _of_key(db: sqlite3.Connection, spec: JobSpec, now: float) -> Job | None:
    """The job of the spec's idempotency key.

    Raises:
        IdempotencyConflict: the key stands for another request.
    """
    if spec.idempotency_key is None:
        return None
    named = (spec.owner, spec.idempotency_key)
    # A job whose time is over may not have been swept yet.
    db.execute(
        "UPDATE jobs SET idempotency_key = NULL WHERE owner = ? AND idempotency_key = ? AND expires_at <= ?",
        (*named, now),
    )
    row = db.execute("SELECT * FROM jobs WHERE owner = ? AND idempotency_key = ?", named).fetchone()
    if row is None:
        return None
    if row["request_digest"] != spec.request_digest:
        raise IdempotencyConflict("this Idempotency-Key came with another request before: send a new key")
    return job_of(db, row)


def find(db: sqlite3.Connection, job_id: str, owner: str | None, now: float) -> sqlite3.Row:
    """The row of a job that is there.

    Raises:
        JobNotFound, JobExpired: it is not, or not for this owner.
    """
    row: sqlite3.Row | None = db.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
    if row is None or row["removal"] == "deleted" or owner not in (None, row["owner"]):
        raise JobNotFound("there is no such job: check its id and the API key")
    if row["removal"] or (row["expires_at"] is not None and row["expires_at"] <= now):
        raise JobExpired("the job's result was removed when its time was over: send it again, with a longer `ttl_s`")
    return row


def get(db: sqlite3.Connection, job_id: str, owner: str | None, now: float) -> Job:
    return job_of(db, find(db, job_id, owner, now))


def transition(
    db: sqlite3.Connection, job_id: str, owner: str | None, state: JobState, error: Failure | None, now: float
) -> Job:
    """Brings a job into a state; one that has ended stays as it is."""
    row = find(db, job_id, owner, now)
    if row["state"] == state or row["state"] in FINAL_STATES:
        return job_of(db, row)
    if state not in NEXT_STATES[row["state"]]:
        raise ValueError(f"a job cannot go from {row['state']} to {state}")
    if state in FINAL_STATES:
        _end(db, row, state, error, now)
    else:
        _move(db, row["key"], state, now)
    # Not `get`: a job whose time is over as soon as it ends has ended all the same.
    return job_of(db, db.execute("SELECT * FROM jobs WHERE key = ?", (row["key"],)).fetchone())


def _move(db: sqlite3.Connection, key: int, state: JobState, now: float) -> None:
    started_at = now if state == "running" else None
    # The first start counts: deadlines run from there.
    db.execute(
        "UPDATE jobs SET state = ?, started_at = coalesce(started_at, ?) WHERE key = ?", (state, started_at, key)
    )
    events.append(db, key, "progress", {})


def _end(db: sqlite3.Connection, row: sqlite3.Row, state: JobState, error: Failure | None, now: float) -> None:
    db.execute(
        "UPDATE jobs SET state = ?, error_code = ?, error_detail = ?, finished_at = ?, expires_at = ? + ttl_s,"
        " password = NULL WHERE key = ?",
        (state, *failure_columns(error), now, now, row["key"]),
    )
    documents.finish_all(db, row["key"], cancelled=state == "cancelled")
    events.append(db, row["key"], "done", {"error": error and error.to_dict()})
    if row["webhook_url"]:
        ended = db.execute("SELECT * FROM jobs WHERE key = ?", (row["key"],)).fetchone()
        deliveries.add(db, row["key"], job_of(db, ended), now)


def unfinished(db: sqlite3.Connection) -> list[Job]:
    """Jobs that have not ended, oldest first."""
    return [job_of(db, row) for row in db.execute(f"SELECT * FROM jobs WHERE {_UNFINISHED} ORDER BY key").fetchall()]  # noqa: S608


def unfinished_key(db: sqlite3.Connection, job_id: str) -> int | None:
    """The key of a job that has not ended and is there."""
    row = db.execute(f"SELECT key FROM jobs WHERE id = ? AND {_UNFINISHED}", (job_id,)).fetchone()  # noqa: S608
    return row and int(row["key"])


def counts(db: sqlite3.Connection) -> dict[JobState, int]:
    rows = db.execute("SELECT state, count(*) AS jobs FROM jobs WHERE removal IS NULL GROUP BY state")
    return {row["state"]: row["jobs"] for row in rows}
