"""Document → plain text: an empty line between blocks, a form feed between pages, which keep their own text."""

from __future__ import annotations

from quire.document import Document
from quire.document.escaping import clean


def to_text(document: Document) -> str:
    """Text of all pages, each ended by a newline and parted by form feeds."""
    return "\f".join(f"{clean(page.text)}\n" for page in document.pages)
