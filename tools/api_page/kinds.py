"""What a schema allows, in a few words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

_NULL: Final = {"type": "null"}
_PAIR: Final = 2
_NAMES: Final = {"integer": "whole number", "boolean": "`true` or `false`", "null": "`null`"}
_FORMATS: Final = {"uri": "URL", "date-time": "time (RFC 3339)"}


def kind(schema: Schema, schemas: Mapping[str, Schema]) -> str:
    """The type with its bounds, a link where it is an object of a name.

    Args:
        schemas: those that references lead to, by name.
    """
    if "$ref" in schema:
        name = name_of(schema)
        return kind(schemas[name], schemas) if "enum" in schemas[name] else f"[{name}](#{name.lower()})"
    if "enum" in schema:
        return ", ".join(_code(value) for value in schema["enum"] if value is not None)
    if "const" in schema:
        return _code(schema["const"])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind(each, schemas) for each in schema["anyOf"]))
    return ", ".join((_plain(schema, schemas), *_bounds(schema)))


def name_of(reference: Schema) -> str:
    """The name that a reference ends in."""
    name: str = reference["$ref"].rpartition("/")[2]
    return name


def present(schema: Schema) -> Schema:
    """The schema without `null`, for what is sent: there a field that shall be null is left out."""
    kinds = [each for each in schema.get("anyOf", ()) if each != _NULL]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return rest | ({**kinds[0]} if len(kinds) == 1 else {"anyOf": kinds}) if kinds else schema


def default(schema: Schema) -> str:
    """The value of a field that is absent, empty where there is none."""
    value = schema.get("default")
    return "" if value in (None, "", [], {}) else _code(value)


def _code(value: object) -> str:
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def _plain(schema: Schema, schemas: Mapping[str, Schema]) -> str:
    wanted: Any = schema.get("type", "anything")
    if isinstance(wanted, list):
        return " or ".join(_plain({**schema, "type": each}, schemas) for each in wanted)
    if wanted == "array":
        return _list(schema, schemas)
    if wanted == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"object of {kind(schema['additionalProperties'], schemas)}"
    return _string(schema) if wanted == "string" else _NAMES.get(wanted, wanted)


def _string(schema: Schema) -> str:
    if "contentMediaType" in schema:
        return "file"
    return "base64" if "contentEncoding" in schema else _FORMATS.get(schema.get("format", ""), "text")


def _list(schema: Schema, schemas: Mapping[str, Schema]) -> str:
    if "prefixItems" in schema:
        kinds = [kind(item, schemas) for item in schema["prefixItems"]]
        return f"[{', '.join(kinds)}]" if len(kinds) == _PAIR else f"{len(kinds)} × {kinds[0]}"
    return f"list of {kind(schema['items'], schemas)}" if "items" in schema else "list"


def _bounds(schema: Schema) -> Iterator[str]:
    yield from _range(schema.get("minimum"), schema.get("maximum"), "")
    yield from _range(schema.get("minLength"), schema.get("maxLength"), " characters")
    if "prefixItems" not in schema:
        yield from _range(schema.get("minItems"), schema.get("maxItems"), " entries")
    if "exclusiveMinimum" in schema:
        yield f"more than {schema['exclusiveMinimum']:g}"
    if "exclusiveMaximum" in schema:
        yield f"less than {schema['exclusiveMaximum']:.10g}"
    if "pattern" in schema:
        yield _code(schema["pattern"])


def _range(low: float | None, high: float | None, unit: str) -> Iterator[str]:
    if low is not None and high is not None:
        yield f"{low:.20g}{unit}" if low == high else f"{low:.20g} to {high:.20g}{unit}"
    elif low is not None:
        yield f"{low:.20g} or more{unit}"
    elif high is not None:
        yield f"{high:.20g}{unit} at most"
