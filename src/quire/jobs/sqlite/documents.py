"""Documents of a job: opened, then finished."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Final

from quire.jobs.model import Failure, Opening
from quire.jobs.sqlite import events
from quire.jobs.sqlite.rows import failure_columns

_OUTCOME: Final = """CASE
    WHEN pages_done = pages_failed THEN 'failed'
    WHEN pages_failed = 0 AND pages_done = pages_total AND ? IS NULL THEN 'succeeded'
    ELSE 'partial' END"""
"""The state in which a document ends; the parameter is its error's code."""


def opened(db: sqlite3.Connection, key: int, index: int, head: Mapping[str, Any], numbers: Sequence[int]) -> None:
    """Keeps what opening a document told, the first time."""
    changed = db.execute(
        "UPDATE documents SET state = 'running', head = ?, numbers = ?, pages_total = ?"
        " WHERE job = ? AND position = ? AND state = 'queued'",
        (json.dumps(head), json.dumps(list(numbers)), len(numbers), key, index),
    ).rowcount
    if changed:
        db.execute("UPDATE jobs SET pages_total = pages_total + ? WHERE key = ?", (len(numbers), key))
        events.append(db, key, "progress", {})


def opening(db: sqlite3.Connection, job_id: str, index: int) -> Opening | None:
    row = db.execute(
        "SELECT head, numbers FROM documents JOIN jobs ON jobs.key = documents.job"
        " WHERE jobs.id = ? AND removal IS NULL AND position = ?",
        (job_id, index),
    ).fetchone()
    if row is None or row["head"] is None:
        return None
    return Opening(json.loads(row["head"]), tuple(json.loads(row["numbers"])))


def finish(db: sqlite3.Connection, key: int, index: int, error: Failure | None) -> None:
    """Ends a document by its pages and its error, the first time."""
    code, detail = failure_columns(error)
    changed = db.execute(
        f"UPDATE documents SET state = {_OUTCOME}, error_code = ?, error_detail = ?"  # noqa: S608
        " WHERE job = ? AND position = ? AND state IN ('queued', 'running')",
        (code, code, detail, key, index),
    ).rowcount
    if changed:
        (ended,) = db.execute("SELECT state FROM documents WHERE job = ? AND position = ?", (key, index)).fetchone()
        data = {"document": index, "document_state": ended, "error": error and error.to_dict()}
        events.append(db, key, "document", data)


def finish_all(db: sqlite3.Connection, key: int, *, cancelled: bool) -> None:
    """Ends the documents that the end of their job overtakes."""
    outcome = "'cancelled'" if cancelled else _OUTCOME.replace("?", "NULL")
    db.execute(
        f"UPDATE documents SET state = {outcome} WHERE job = ? AND state IN ('queued', 'running')",  # noqa: S608
        (key,),
    )
