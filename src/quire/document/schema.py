"""The JSON Schema of a result."""

from __future__ import annotations

import re
from typing import Any, Final

from pydantic import TypeAdapter

from quire.document.page import Page
from quire.document.tables import Table
from quire.document.whole import Document

_ATTRIBUTE: Final = re.compile(r"^    (\w+(?:, \w+)*): (.+(?:\n {8}.+)*)", re.MULTILINE)


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `Document.to_dict()`; fields are described as in the classes' docstrings."""
    schema = TypeAdapter(Document).json_schema(mode="serialization")
    defs = schema["$defs"]
    for described in (schema, *defs.values()):
        _describe_fields(described)
    _add_derived(schema, partial=_derived(Document.partial, type="boolean"))
    _add_derived(
        defs["Page"],
        text=_derived(Page.text, type="string"),
        markdown=_derived(Page.markdown, type="string"),
        confidence=_derived(Page.confidence, type="number", minimum=0, maximum=1),
    )
    _add_derived(
        defs["Table"], html=_derived(Table.html, type="string"), markdown=_derived(Table.markdown, type="string")
    )
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema


def _describe_fields(schema: dict[str, Any]) -> None:
    """Gives what a docstring says of attributes to the fields themselves, in the words of JSON."""
    told = re.sub(r"\bNone\b", "null", schema["description"])
    schema["description"], _, attributes = told.partition("\n\nAttributes:\n")
    for names, text in _ATTRIBUTE.findall(attributes):
        for name in names.split(", "):
            schema["properties"][name]["description"] = text[0].upper() + " ".join(text.split())[1:]


def _derived(computed: object, **kind: Any) -> dict[str, Any]:
    """The schema of a field that is computed of others."""
    return {"description": computed.__doc__, **kind}


def _add_derived(schema: dict[str, Any], **properties: dict[str, Any]) -> None:
    schema["properties"].update(properties)
    schema["required"] = sorted({*schema.get("required", ()), *schema["properties"]})
