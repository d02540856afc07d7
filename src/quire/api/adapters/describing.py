"""Bodies and answers, for /openapi.json."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

Schema = Mapping[str, Any]

FILE: Final[Schema] = {"type": "string", "contentMediaType": "application/octet-stream", "description": "PDF or image."}
TEXT: Final[Schema] = {"type": "string"}
BASE64: Final[Schema] = {"type": "string", "contentEncoding": "base64", "description": "PDF or image."}


def several(schema: Schema) -> Schema:
    """A list of at least one."""
    return {"type": "array", "minItems": 1, "items": dict(schema)}


def described(text: str, **kind: Any) -> Schema:
    """A field and what it is for; a string unless `kind` says otherwise."""
    return {"type": "string", **kind, "description": text}


def body(
    *, form: Mapping[str, Schema] | None = None, json: Mapping[str, Schema] | None = None, required: tuple[str, ...]
) -> dict[str, Any]:
    """`openapi_extra` of a route whose body is a form, a JSON object, or either.

    Args:
        required: fields that there must be, of whichever.
    """
    kinds = {"multipart/form-data": form, "application/json": json}
    content = {kind: {"schema": _object(fields, required)} for kind, fields in kinds.items() if fields is not None}
    return {"requestBody": {"required": True, "content": content}}


def _object(fields: Mapping[str, Schema], required: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [name for name in required if name in fields],
        "properties": {name: dict(schema) for name, schema in fields.items()},
    }


def answer(text: str, may: Mapping[str, Schema] = MappingProxyType({}), /, **fields: Schema) -> dict[str, Any]:
    """A response with a JSON object that has at least these fields.

    Args:
        may: fields that it has at times.
    """
    properties = {name: dict(schema) for name, schema in (*fields.items(), *may.items())}
    schema = {"type": "object", "required": sorted(fields), "properties": properties}
    return {"description": text, "content": {"application/json": {"schema": schema}}}
