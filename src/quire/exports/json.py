"""Document → its JSON on one line; `quire.document.json_schema()` describes it."""

from __future__ import annotations

from quire.document import Document


def to_json(document: Document) -> str:
    """The whole document as JSON with a newline at the end; not indented, as boxes would fill the screen."""
    return document.to_json() + "\n"
