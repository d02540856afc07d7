"""What /openapi.json says beyond what FastAPI finds out for itself."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from quire.api.form import ReadForm
from quire.api.problems import MEDIA_TYPE, SCHEMA
from quire.document import json_schema
from quire.error_table import EDGES
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

READ_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The document, in the format that was asked for.",
        "content": {
            "application/json": {"schema": _ref("Document")},
            "application/x-ndjson": {"schema": _ref("StreamLine")},
            "text/plain": {"schema": {"type": "string", "description": "Pages joined by form feeds."}},
            "text/markdown": {"schema": {"type": "string"}},
        },
    },
    **_problems_by_status(),
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
    definitions: dict[str, Any] = document.pop("$defs") | form.pop("$defs")
    document.pop("$schema")
    return definitions | {
        "Document": document,
        "Problem": SCHEMA,
        "StreamLine": _stream_line(document),
        "ReadFormBody": _body(form, "file", {"type": "string", "contentMediaType": "application/octet-stream"}),
        "ReadJsonBody": _body(form, "base64", {"type": "string", "contentEncoding": "base64"}),
    }


def _with_components(schema: dict[str, Any]) -> dict[str, Any]:
    moved: dict[str, Any] = json.loads(json.dumps(schema).replace('"#/$defs/', f'"{_COMPONENTS}'))
    return moved


def _body(form: dict[str, Any], field: str, content: dict[str, Any]) -> dict[str, Any]:
    properties = {field: {"description": "The PDF or image.", **content}} | form["properties"]
    return {"type": "object", "required": [field], "additionalProperties": False, "properties": properties}


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


_NOT_IN_HEAD: Final = frozenset({"pages", "errors", "partial"})


def _single(name: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [name], "properties": {name: value}, "title": f"{name} line"}
