"""What /openapi.json says beyond what FastAPI finds out for itself."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from quire.api.components import ref, schemas
from quire.api.problems import MEDIA_TYPE
from quire.api.service import KEY_HEADERS
from quire.error_table import EDGES
from quire.exports import EXPORTS
from quire.release import version

_DESCRIPTION: Final = "Self-hosted OCR: PDFs and images in; text, words with boxes, and Markdown out."


def _problem_response(description: str) -> dict[str, Any]:
    return {"description": description, "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}


def _problems_by_status() -> dict[int | str, dict[str, Any]]:
    codes: dict[int, list[str]] = {}
    for code, edge in EDGES.items():
        codes.setdefault(edge.http_status, []).append(code)
    return {status: _problem_response(f"Codes: {', '.join(names)}.") for status, names in sorted(codes.items())}


def _header(name: str, description: str, **schema: Any) -> dict[str, Any]:
    """A header that a request may have."""
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string", **schema}}


PROBLEM_RESPONSE: Final = _problem_response("The engine is not loaded; `detail` says why.")
PROBLEM_RESPONSES: Final = _problems_by_status()

_DOCUMENT_CONTENT: Final[dict[str, Any]] = {
    "application/json": {"schema": {"anyOf": [ref("Document"), ref("Detections")]}},
    "application/x-ndjson": {"schema": ref("StreamLine")},
    "text/plain": {"schema": {"type": "string", "description": "Pages joined by form feeds."}},
    **{
        export.mime: {"schema": {"type": "string"} if not export.binary else {}}
        for export in EXPORTS.values()
        if export.mime not in ("application/json", "application/x-ndjson", "text/plain")
    },
}
_KEYS: Final[dict[str, Any]] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A key of `quire keys create`, or a JSON Web Token."},
    **{
        header: {
            "type": "apiKey",
            "in": "header",
            "name": header,
            "description": "As clients of other services send it.",
        }
        for header in KEY_HEADERS
    },
}
_RETRY_AFTER: Final = {"description": "Seconds after which to look.", "schema": {"type": "integer"}}

JOB_RESPONSE: Final[dict[str, Any]] = {
    "description": "The job.",
    "content": {"application/json": {"schema": ref("Job")}},
}
ACCEPTED_RESPONSE: Final[dict[str, Any]] = JOB_RESPONSE | {
    "description": "It goes on as this job.",
    "headers": {
        "Location": {"description": "Where the job is.", "schema": {"type": "string"}},
        "Retry-After": _RETRY_AFTER,
    },
}
PAGE_RESPONSE: Final[dict[str, Any]] = {
    "description": "The page, or why it was not read.",
    "content": {"application/json": {"schema": {"anyOf": [ref("Page"), ref("PageFailure")]}}},
}
RESULT_RESPONSE: Final[dict[str, Any]] = {
    "description": 'The document; with several, `{"documents": [...]}` in JSON, a zip where they cannot be joined.',
    "content": _DOCUMENT_CONTENT
    | {"application/zip": {}}
    | {
        "application/json": {
            "schema": {"anyOf": [ref("Document"), ref("Documents"), ref("Detections"), {"type": "object"}]}
        }
    },
}

READ_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The document, in the format that was asked for.", "content": _DOCUMENT_CONTENT},
    202: ACCEPTED_RESPONSE,
    **PROBLEM_RESPONSES,
}

READ_OPERATION: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": ref("ReadFormBody")},
            "application/json": {"schema": ref("ReadJsonBody")},
        },
    },
    "parameters": [
        _header("X-Request-ID", "Echoed in the response and the log.", pattern="^[A-Za-z0-9._-]{1,64}$"),
        _header("Prefer", "`wait=5`: what takes longer than five seconds goes on as a job."),
        _header("Cache-Control", "`no-store` or `no-cache`: pages that were read before are read anew."),
    ],
}


JOB_OPERATION: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": ref("JobFormBody")},
            "application/json": {"schema": ref("JobJsonBody")},
        },
    },
    "parameters": [
        _header("Idempotency-Key", "The same key with the same request is the same job.", minLength=1, maxLength=255)
    ],
}


def describe(app: FastAPI) -> None:
    """Makes the application publish its own routes with the schemas of bodies, documents and problems."""

    def openapi() -> dict[str, Any]:
        schema = app.openapi_schema = app.openapi_schema or _build(app)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def _build(app: FastAPI) -> dict[str, Any]:
    schema: dict[str, Any] = get_openapi(
        title=app.title, version=version(), description=_DESCRIPTION, routes=app.routes
    )
    schema["components"] = {
        "schemas": schema.get("components", {}).get("schemas", {}) | schemas(),
        "securitySchemes": _KEYS,
    }
    # The first: a server asks for a key once there are any.
    schema["security"] = [{}, *({name: []} for name in _KEYS)]
    return schema
