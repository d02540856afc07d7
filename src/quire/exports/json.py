"""Document → its JSON, indented; `quire.document.json_schema()` describes it."""

from __future__ import annotations

from quire.document import Document


def to_json(document: Document) -> str:
    """The whole document as indented JSON with a newline at the end."""
    return document.to_json(indent=2) + "\n"
