"""The page: operations by the API that they belong to, then the objects that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fields import answered, sent, table
from kinds import Schema, default, kind, present

_INTRODUCTION: Final = """\
# API reference

All operations of the server with their fields, made by `make docs` of what it says of itself at `/openapi.json`.
[http.md](http.md) explains the API, and the [cookbook](cookbook.md) shows it at work.

"""
_KEYS: Final = """\
## Keys

A server that [asks for keys](access.md) takes one in any of these headers:

"""
_OWN: Final = "Quire"
_FEW: Final = 3


def page(description: Mapping[str, Any]) -> str:
    """The description of /openapi.json as Markdown."""
    schemas = description["components"]["schemas"]
    operations = [*_operations(description["paths"])]
    groups = dict.fromkeys(group for group, _, _ in operations)
    parts = [_INTRODUCTION, *_contents(operations), _keys(description["components"]["securitySchemes"])]
    for group in groups:
        parts.append(f"## {group}\n\n")
        parts += [_operation(title, each, schemas) for found, title, each in operations if found == group]
    parts.append("## Objects\n\n")
    parts += [_object(name, schema, schemas) for name, schema in sorted(schemas.items()) if not _is_body(name, schema)]
    return "".join(parts).rstrip() + "\n"


def _operations(paths: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Group, method and path, and description of each."""
    for path, methods in paths.items():
        for method, operation in methods.items():
            group = operation.get("tags", [_OWN])[0]
            yield group[0].upper() + group[1:], f"{method.upper()} {path}", operation


def _contents(operations: list[tuple[str, str, Mapping[str, Any]]]) -> Iterator[str]:
    rows = ((f"[`{title}`](#{_anchor(title)})", operation["summary"], group) for group, title, operation in operations)
    yield table(("operation", "", "API"), rows)


def _anchor(title: str) -> str:
    """As GitHub makes them of headings."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def _keys(schemes: Mapping[str, Any]) -> str:
    rows = (
        (f"`{'Authorization: Bearer KEY' if each['type'] == 'http' else each['name'] + ': KEY'}`", each["description"])
        for each in schemes.values()
    )
    return f"{_KEYS}{table(('header', ''), rows)}"


def _operation(title: str, operation: Mapping[str, Any], schemas: Mapping[str, Schema]) -> str:
    bodies = operation.get("requestBody", {}).get("content", {})
    return "".join(
        (
            f"### {title}\n\n",
            f"{operation['summary']}.\n\n{operation.get('description', '')}\n\n",
            table(("parameter", "in", "type", "default", ""), _parameters(operation, schemas)),
            f"The body is {' or '.join(f'`{mime}`' for mime in bodies)}:\n\n" if bodies else "",
            sent(bodies, schemas),
            *_answers(operation["responses"], schemas),
        )
    )


def _parameters(operation: Mapping[str, Any], schemas: Mapping[str, Schema]) -> Iterator[tuple[str, ...]]:
    for each in operation.get("parameters", ()):
        schema = present(each["schema"])
        yield f"`{each['name']}`", each["in"], kind(schema, schemas), default(schema), each.get("description", "")


def _answers(responses: Mapping[str, Any], schemas: Mapping[str, Schema]) -> Iterator[str]:
    good = {status: response for status, response in responses.items() if status < "400"}
    bad = {status: response for status, response in responses.items() if status >= "400"}
    yield table(("status", "media type", "answer", ""), [*_good(good, schemas), *_bad(bad, schemas)])
    for status, response in good.items():
        fields = answered(response.get("content", {}).get("application/json", {}).get("schema", {}), schemas)
        yield f"Fields of {status}:\n\n{fields}" if fields else ""


def _good(responses: Mapping[str, Any], schemas: Mapping[str, Schema]) -> Iterator[tuple[str, ...]]:
    """A row for each shape of each answer."""
    for status, response in responses.items():
        mimes: dict[str, list[str]] = {}
        for mime, content in response.get("content", {}).items():
            mimes.setdefault(kind(content["schema"], schemas) if content.get("schema") else "", []).append(f"`{mime}`")
        for place, (shape, found) in enumerate((mimes or {"": []}).items()):
            yield status, ", ".join(found), shape, "" if place else response["description"]


def _bad(responses: Mapping[str, Any], schemas: Mapping[str, Schema]) -> Iterator[tuple[str, ...]]:
    """Errors that look alike in one row."""
    statuses: dict[tuple[str, str], list[str]] = {}
    for status, response in responses.items():
        for mime, content in response["content"].items():
            statuses.setdefault((f"`{mime}`", _named(content.get("schema", {}), schemas)), []).append(status)
    for (mime, shape), found in statuses.items():
        few = len(found) <= _FEW
        yield ", ".join(found) if few else "[errors](errors.md)", mime, shape, ""


def _named(schema: Schema, schemas: Mapping[str, Schema]) -> str:
    """The kind of an object, with the names of its fields."""
    names = ", ".join(f"`{name}`" for name in schema.get("properties", {}))
    return f"object: {names}" if names else kind(schema, schemas)


def _is_body(name: str, schema: Schema) -> bool:
    """Whether it is told where it is sent; as are choices."""
    return name.endswith("Body") or "enum" in schema


def _object(name: str, schema: Schema, schemas: Mapping[str, Schema]) -> str:
    """One heading; the fields of each object that it may be, and those of the entries of a list."""
    fields = [answered(each.get("items", each), schemas) for each in schema.get("oneOf", (schema,))]
    return f"### {name}\n\n{schema.get('description', '')}\n\n{''.join(fields)}"
