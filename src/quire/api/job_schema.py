"""The schema of a job, for /openapi.json."""

from __future__ import annotations

from typing import Any, Final

_STATE: Final = {
    "description": "partial: some pages were read; failed: none.",
    "enum": ["queued", "running", "succeeded", "partial", "failed", "cancelled"],
}
_ERROR: Final = {
    "description": "Why nothing was read.",
    "type": ["object", "null"],
    "properties": {"code": {"type": "string"}, "detail": {"type": "string"}},
}


def _time(description: str) -> dict[str, Any]:
    return {"description": description, "type": ["string", "null"], "format": "date-time"}


def _count(description: str) -> dict[str, Any]:
    return {"description": description, "type": ["integer", "null"], "minimum": 0}


JOB: Final[dict[str, Any]] = {
    "description": "Documents that are read while nobody waits.",
    "type": "object",
    "required": ["id", "state", "created_at", "documents", "pages_total", "pages_done"],
    "properties": {
        "id": {"type": "string"},
        "state": _STATE,
        "created_at": _time("When it came."),
        "started_at": _time("When its first page was begun."),
        "finished_at": _time("When it ended, however it did."),
        "expires_at": _time("When its results are removed."),
        "documents": {
            "description": "In the order in which they were sent.",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "sha256": {"type": "string"},
                    "state": _STATE,
                    "pages_total": _count("Pages to read; null until the document was opened."),
                    "pages_done": _count("Pages that were read, or failed."),
                    "pages_failed": _count("Pages that failed."),
                    "error": _ERROR,
                },
            },
        },
        "pages_total": _count("Of all documents."),
        "pages_done": _count("Of all documents."),
        "queue_position": _count("Jobs before it while it waits; else null."),
        "eta_s": {"description": "Seconds left at the speed so far.", "type": ["number", "null"]},
        "error": _ERROR,
    },
}
