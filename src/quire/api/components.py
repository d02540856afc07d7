"""The schemas that /openapi.json refers to: documents, jobs, errors, and the bodies of the API's own routes."""

from __future__ import annotations

import json
from typing import Any, Final

from quire.api.form import JobForm, ReadForm
from quire.api.job_schema import JOB
from quire.api.problems import SCHEMA
from quire.document import json_schema

_COMPONENTS: Final = "#/components/schemas/"


def ref(name: str) -> dict[str, str]:
    """A reference to one of them."""
    return {"$ref": _COMPONENTS + name}


def schemas() -> dict[str, Any]:
    """All of them, by name."""
    document = _with_components(json_schema())
    form = _with_components(ReadForm.model_json_schema())
    job_form = _with_components(JobForm.model_json_schema())
    definitions: dict[str, Any] = document.pop("$defs") | form.pop("$defs") | job_form.pop("$defs")
    document.pop("$schema")
    return definitions | {
        "Document": document,
        "Problem": SCHEMA,
        "StreamLine": _stream_line(document),
        "Job": JOB,
        "Detections": _detections(definitions["Line"]["properties"]),
        "Documents": {
            "description": "Several documents of a job.",
            "type": "object",
            "properties": {"documents": {"type": "array", "items": ref("Document")}},
        },
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


def _detections(line: dict[str, Any]) -> dict[str, Any]:
    fields = {name: line[name] for name in ("text", "box", "confidence")} | {"page_number": {"type": "integer"}}
    entry = {"type": "object", "required": sorted(fields), "properties": fields}
    return {"description": "The lines of all pages: `format=detections`.", "type": "array", "items": entry}


def _stream_line(document: dict[str, Any]) -> dict[str, Any]:
    """One line of the NDJSON stream: head, then pages and errors, then the counts."""
    head = {name: value for name, value in document["properties"].items() if name not in _NOT_IN_HEAD}
    done = {"pages": {"type": "integer"}, "errors": {"type": "integer"}, "partial": {"type": "boolean"}}
    kinds: dict[str, dict[str, Any]] = {
        "document": {"type": "object", "properties": head, "required": sorted(head)},
        "page": ref("Page"),
        "error": ref("PageFailure"),
        "done": {"type": "object", "properties": done, "required": sorted(done)},
    }
    alternatives = [_single(name, value) for name, value in kinds.items()]
    return {"description": "A line of an NDJSON answer, which is one of these.", "oneOf": alternatives}


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
_NOT_IN_HEAD: Final = frozenset({"pages", "errors", "partial"})


def _single(name: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [name], "properties": {name: value}, "title": f"{name} line"}
