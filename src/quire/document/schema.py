"""The JSON Schema of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from quire.document.whole import Document


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `Document.to_dict()`."""
    schema = TypeAdapter(Document).json_schema(mode="serialization")
    defs = schema["$defs"]
    _add_derived(schema, {"partial": {"type": "boolean"}})
    _add_derived(
        defs["Page"],
        {
            "text": {"type": "string"},
            "markdown": {"type": "string"},
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        },
    )
    _add_derived(defs["Table"], {"html": {"type": "string"}, "markdown": {"type": "string"}})
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema


def _add_derived(schema: dict[str, Any], properties: Mapping[str, Any]) -> None:
    schema["properties"].update(properties)
    schema["required"] = sorted({*schema.get("required", ()), *schema["properties"]})
