"""The webhooks' outbox: a row is there from the end of a job until it is delivered or given up."""

from __future__ import annotations

import json
import sqlite3
import uuid

from quire.jobs.model import Delivery, Job, timestamp


def add(db: sqlite3.Connection, key: int, job: Job, now: float) -> None:
    """Queues the news that a job ended, in the transaction that ends it."""
    event_id = f"evt_{uuid.uuid4().hex}"
    body = {"id": event_id, "type": f"job.{job.state}", "created_at": timestamp(now), "job": job.to_dict()}
    db.execute(
        "INSERT INTO deliveries (id, job, url, body, due_at) VALUES (?, ?, ?, ?, ?)",
        (event_id, key, job.webhook_url, json.dumps(body, ensure_ascii=False).encode(), now),
    )


def any_due(db: sqlite3.Connection, now: float) -> bool:
    return db.execute("SELECT 1 FROM deliveries WHERE due_at <= ? LIMIT 1", (now,)).fetchone() is not None


def claim(db: sqlite3.Connection, now: float, limit: int, lease_s: float) -> list[Delivery]:
    """Takes what is due; nobody else gets it before the lease is over."""
    rows = db.execute(
        "SELECT deliveries.*, jobs.id AS job_id FROM deliveries JOIN jobs ON jobs.key = deliveries.job"
        " WHERE due_at <= ? ORDER BY due_at LIMIT ?",
        (now, limit),
    ).fetchall()
    db.executemany(
        "UPDATE deliveries SET due_at = ?, attempts = attempts + 1 WHERE id = ?",
        [(now + lease_s, row["id"]) for row in rows],
    )
    return [Delivery(row["id"], row["job_id"], row["url"], row["body"], row["attempts"] + 1) for row in rows]


def record(db: sqlite3.Connection, delivery_id: str, retry_at: float | None) -> None:
    """Sets the next attempt, or ends the delivery."""
    if retry_at is None:
        db.execute("DELETE FROM deliveries WHERE id = ?", (delivery_id,))
    else:
        db.execute("UPDATE deliveries SET due_at = ? WHERE id = ?", (retry_at, delivery_id))
