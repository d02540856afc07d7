"""Rows ↔ what `model` says."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from quire.jobs.model import DocumentProgress, Failure, Job, JobSpec
from quire.options import ReadOptions


def job_columns(spec: JobSpec) -> dict[str, Any]:
    """Columns of a new job that its spec sets."""
    options = spec.options
    return {
        "owner": spec.owner,
        "priority": spec.priority,
        "options": options.model_dump_json(exclude={"password"}, exclude_unset=True),
        "password": options.password and options.password.get_secret_value(),
        "idempotency_key": spec.idempotency_key,
        "request_digest": spec.request_digest,
        "webhook_url": spec.webhook_url,
        "ttl_s": spec.ttl_s,
        "timeout_s": spec.timeout_s,
        "format": spec.format,
        "cached": spec.cached,
    }


def job_of(db: sqlite3.Connection, row: sqlite3.Row) -> Job:
    """A job with its documents."""
    documents = db.execute("SELECT * FROM documents WHERE job = ? ORDER BY position", (row["key"],))
    return Job(
        id=row["id"],
        state=row["state"],
        documents=tuple(map(_document, documents)),
        options=_options(row),
        owner=row["owner"],
        priority=row["priority"],
        idempotency_key=row["idempotency_key"],
        request_digest=row["request_digest"],
        webhook_url=row["webhook_url"],
        ttl_s=row["ttl_s"],
        timeout_s=row["timeout_s"],
        format=row["format"],
        cached=bool(row["cached"]),
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        expires_at=row["expires_at"],
        error=_failure(row),
    )


def failure_columns(error: Failure | None) -> tuple[str | None, str | None]:
    return (error.code, error.detail) if error else (None, None)


def _document(row: sqlite3.Row) -> DocumentProgress:
    return DocumentProgress(
        index=row["position"],
        name=row["name"],
        sha256=row["sha256"],
        size_bytes=row["size_bytes"],
        state=row["state"],
        pages_total=row["pages_total"],
        pages_done=row["pages_done"],
        pages_failed=row["pages_failed"],
        error=_failure(row),
    )


def _options(row: sqlite3.Row) -> ReadOptions:
    values = json.loads(row["options"])
    return ReadOptions(**values, password=row["password"]) if row["password"] else ReadOptions(**values)


def _failure(row: sqlite3.Row) -> Failure | None:
    return Failure(row["error_code"], row["error_detail"]) if row["error_code"] else None
