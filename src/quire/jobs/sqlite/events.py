"""What happened to a job, numbered within it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from quire.jobs.model import FINAL_STATES, Event, EventKind


def append(db: sqlite3.Connection, key: int, kind: EventKind, data: Mapping[str, Any]) -> None:
    """Adds an event; the job's state and page counts go with each."""
    db.execute("UPDATE jobs SET last_event = last_event + 1 WHERE key = ?", (key,))
    job = db.execute("SELECT last_event, state, pages_done, pages_total FROM jobs WHERE key = ?", (key,)).fetchone()
    known = {name: job[name] for name in ("state", "pages_done", "pages_total")}
    db.execute(
        "INSERT INTO events (job, id, kind, data) VALUES (?, ?, ?, ?)",
        (key, job["last_event"], kind, json.dumps({**data, **known}, separators=(",", ":"))),
    )


def after(db: sqlite3.Connection, job_id: str, event_id: int, limit: int) -> list[Event]:
    """The next events above an id, ascending."""
    rows = db.execute(
        "SELECT events.id, kind, data FROM events JOIN jobs ON jobs.key = events.job"
        " WHERE jobs.id = ? AND removal IS NULL AND events.id > ? ORDER BY events.id LIMIT ?",
        (job_id, event_id, limit),
    )
    return [Event(row["id"], row["kind"], json.loads(row["data"])) for row in rows]


def any_after(db: sqlite3.Connection, job_id: str, event_id: int) -> bool:
    """Whether there are events above an id, or there will be none: the job has ended, or is gone."""
    row = db.execute("SELECT last_event, state FROM jobs WHERE id = ? AND removal IS NULL", (job_id,)).fetchone()
    return row is None or row["last_event"] > event_id or row["state"] in FINAL_STATES
