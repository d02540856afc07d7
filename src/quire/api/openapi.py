"""What /openapi.json says beyond what FastAPI finds out for itself."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from quire.api.form import JobForm, ReadForm
from quire.api.problems import MEDIA_TYPE, SCHEMA
from quire.document import json_schema
from quire.error_table import EDGES
from quire.exports import EXPORTS
from quire.release import version

_COMPONENTS: Final = "#/components/schemas/"
_DESCRIPTION: Final = "Self-hosted OCR: PDFs and images in; text, words with boxes, and Markdown out."


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _COMPONENTS + name}


def _problem_response(description: str) -> dict[str, Any]:
    return {"description": description, "content": {MEDIA_TYPE: {"schema": _ref("Problem")}}}


def _problems_by_status() -> dict[int | str, dict[str, Any]]:
    codes: dict[int, list[str]] = {}
    for code, edge in EDGES.items():
        codes.setdefault(edge.http_status, []).append(code)
    return {status: _problem_response(f"Codes: {', '.join(names)}.") for status, names in sorted(codes.items())}


PROBLEM_RESPONSE: Final = _problem_response("The engine is not loaded; `detail` says why.")
PROBLEM_RESPONSES: Final = _problems_by_status()

_DOCUMENT_CONTENT: Final[dict[str, Any]] = {
    "application/json": {"schema": _ref("Document")},
    "application/x-ndjson": {"schema": _ref("StreamLine")},
    "text/plain": {"schema": {"type": "string", "description": "Pages joined by form feeds."}},
    **{
        export.mime: {"schema": {"type": "string"} if not export.binary else {}}
        for export in EXPORTS.values()
        if export.mime not in ("application/json", "application/x-ndjson", "text/plain")
    },
}
_RETRY_AFTER: Final = {"description": "Seconds after which to look.", "schema": {"type": "integer"}}

JOB_RESPONSE: Final[dict[str, Any]] = {
    "description": "The job.",
    "content": {"application/json": {"schema": _ref("Job")}},
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
    "content": {"application/json": {"schema": {"anyOf": [_ref("Page"), _ref("PageFailure")]}}},
}
RESULT_RESPONSE: Final[dict[str, Any]] = {
    "description": 'The document; with several, `{"documents": [...]}` in JSON, a zip where they cannot be joined.',
    "content": _DOCUMENT_CONTENT
    | {"application/zip": {}}
    | {"application/json": {"schema": {"anyOf": [_ref("Document"), _ref("Documents"), {"type": "object"}]}}},
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
            "multipart/form-data": {"schema": _ref("ReadFormBody")},
            "application/json": {"schema": _ref("ReadJsonBody")},
        },
    },
    "parameters": [
        {
            "name": "X-Request-ID",
            "in": "header",
            "description": "Echoed in the response and the log.",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
        }
    ],
}


JOB_OPERATION: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": _ref("JobFormBody")},
            "application/json": {"schema": _ref("JobJsonBody")},
        },
    },
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "The same key with the same request is the same job.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        }
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
    schema.setdefault("components", {}).setdefault("schemas", {}).update(_schemas())
    return schema


def _schemas() -> dict[str, Any]:
    document = _with_components(json_schema())
    form = _with_components(ReadForm.model_json_schema())
    job_form = _with_components(JobForm.model_json_schema())
    definitions: dict[str, Any] = document.pop("$defs") | form.pop("$defs") | job_form.pop("$defs")
    document.pop("$schema")
    return definitions | {
        "Document": document,
        "Problem": SCHEMA,
        "StreamLine": _stream_line(document),
        "Job": _JOB,
        "Documents": {"type": "object", "properties": {"documents": {"type": "array", "items": _ref("Document")}}},
        "ReadFormBody": _form_body(form, _FILE),
        "ReadJsonBody": _json_body(form, _SOURCES),
        "JobFormBody": _form_body(job_form, {"type": "array", "items": _FILE, "minItems": 1}),
        "JobJsonBody": _json_body(job_form, _SOURCES | {"documents": _ENTRIES}),
    }


def _with_components(schema: dict[str, Any]) -> dict[str, Any]:
    moved: dict[str, Any] = json.loads(json.dumps(schema).replace('"#/$defs/', f'"{_COMPONENTS}'))
    return moved


def _form_body(form: dict[str, Any], file: dict[str, Any]) -> dict[str, Any]:
    fields = {name: _without_null(field) for name, field in form["properties"].items()}
    properties = {"file": {"description": "The PDF or image."} | file} | fields
    return {"type": "object", "required": ["file"], "additionalProperties": False, "properties": properties}


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    """The schema of a form's field: a form holds strings, and what shall be absent is left out."""
    kept = {name: value for name, value in field.items() if name != "anyOf" and value is not None}
    if "enum" in kept:
        kept["enum"] = [value for value in kept["enum"] if value is not None]
    kinds = [kind for kind in field.get("anyOf", ()) if kind != {"type": "null"}]
    return kept | (kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {})


def _json_body(form: dict[str, Any], sources: dict[str, Any]) -> dict[str, Any]:
    """One of the sources, and options."""
    return {
        "type": "object",
        "oneOf": [{"required": [name]} for name in sources],
        "additionalProperties": False,
        "properties": sources | {"name": _NAME} | form["properties"],
    }


def _stream_line(document: dict[str, Any]) -> dict[str, Any]:
    """One line of the NDJSON stream: head, then pages and errors, then the counts."""
    head = {name: value for name, value in document["properties"].items() if name not in _NOT_IN_HEAD}
    done = {"pages": {"type": "integer"}, "errors": {"type": "integer"}, "partial": {"type": "boolean"}}
    kinds: dict[str, dict[str, Any]] = {
        "document": {"type": "object", "properties": head, "required": sorted(head)},
        "page": _ref("Page"),
        "error": _ref("PageFailure"),
        "done": {"type": "object", "properties": done, "required": sorted(done)},
    }
    return {"oneOf": [_single(name, value) for name, value in kinds.items()]}


_FILE: Final = {"type": "string", "contentMediaType": "application/octet-stream"}
_SOURCES: Final[dict[str, Any]] = {
    "base64": {"description": "The PDF or image.", "type": "string", "contentEncoding": "base64"},
    "url": {"description": "Where the PDF or image is.", "type": "string", "format": "uri"},
}
_NAME: Final = {"description": "The document's name in the result.", "type": "string"}
_ENTRIES: Final[dict[str, Any]] = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "oneOf": [{"required": [name]} for name in _SOURCES],
        "additionalProperties": False,
        "properties": _SOURCES | {"name": _NAME},
    },
}
_STATE: Final = {"enum": ["queued", "running", "succeeded", "partial", "failed", "cancelled"]}
_TIME: Final = {"type": ["string", "null"], "format": "date-time"}
_COUNT: Final = {"type": ["integer", "null"], "minimum": 0}
_ERROR: Final = {
    "type": ["object", "null"],
    "properties": {"code": {"type": "string"}, "detail": {"type": "string"}},
}
_JOB: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["id", "state", "created_at", "documents", "pages_total", "pages_done"],
    "properties": {
        "id": {"type": "string"},
        "state": _STATE,
        "created_at": _TIME,
        "started_at": _TIME,
        "finished_at": _TIME,
        "expires_at": _TIME,
        "documents": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "sha256": {"type": "string"},
                    "state": _STATE,
                    "pages_total": _COUNT,
                    "pages_done": _COUNT,
                    "pages_failed": _COUNT,
                    "error": _ERROR,
                },
            },
        },
        "pages_total": _COUNT,
        "pages_done": _COUNT,
        "queue_position": _COUNT,
        "eta_s": {"type": ["number", "null"]},
        "error": _ERROR,
    },
}
_NOT_IN_HEAD: Final = frozenset({"pages", "errors", "partial"})


def _single(name: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [name], "properties": {name: value}, "title": f"{name} line"}
