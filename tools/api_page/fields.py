"""Rows of tables: the fields of objects, those inside of them too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kinds import Schema, default, kind, name_of, present


class Field(NamedTuple):
    """A field of an object. `path` leads there: `documents[].name`."""

    path: str
    schema: Schema
    required: bool


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table without the columns that are empty; "" without rows."""
    cells = [[" ".join(cell.split()).replace("|", "\\|") for cell in row] for row in rows]
    kept = [place for place in range(len(titles)) if any(row[place] for row in cells)]
    lines = [
        [titles[place] for place in kept],
        ["---" for _ in kept],
        *([row[place] for place in kept] for row in cells),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n\n" if cells else ""


def sent(bodies: Mapping[str, Any], schemas: Mapping[str, Schema]) -> str:
    """The fields of a body, those of all its media types in one table.

    Args:
        bodies: `content` of a body, by media type.
    """
    objects = {
        mime: {field.path: field for field in _fields(_resolved(content.get("schema", {}), schemas))}
        for mime, content in bodies.items()
    }
    paths = dict.fromkeys(path for fields in objects.values() for path in fields)
    return table(("field", "in", "type", "default", ""), (_sent(path, objects, schemas) for path in paths))


def _sent(path: str, objects: Mapping[str, Mapping[str, Field]], schemas: Mapping[str, Schema]) -> tuple[str, ...]:
    having = {mime: fields[path] for mime, fields in objects.items() if path in fields}
    schema = present(next(iter(having.values())).schema)
    where = "" if len(having) == len(objects) else " ".join(map(_short, having))
    needed = ", required" if all(field.required for field in having.values()) else ""
    return f"`{path}`", where, kind(schema, schemas) + needed, default(schema), schema.get("description", "")


def answered(schema: Schema, schemas: Mapping[str, Schema]) -> str:
    """The fields of an answer's object."""
    rows = ((f"`{path}`", kind(field, schemas), field.get("description", "")) for path, field, _ in _fields(schema))
    return table(("field", "type", ""), rows)


def _fields(schema: Schema, inside: str = "") -> Iterator[Field]:
    for name, field in schema.get("properties", {}).items():
        yield Field(inside + name, field, name in schema.get("required", ()))
        yield from _fields(field, f"{inside}{name}.")
        yield from _fields(field.get("items", {}), f"{inside}{name}[].")


def _resolved(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    return schemas[name_of(schema)] if "$ref" in schema else schema


def _short(mime: str) -> str:
    return {"multipart/form-data": "form", "application/json": "JSON"}.get(mime, f"`{mime}`")
