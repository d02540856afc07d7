"""Document → plain text: one line a line, an empty line between blocks, a form feed between pages."""

from __future__ import annotations

from typing import Final

from quire.document import Document

# Text out of a document may hold terminal escape sequences, or form feeds that would fake a page's end.
_CONTROLS: Final = {
    code: " " if chr(code).isspace() else None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"
}


def clean(text: str) -> str:
    """The text without control characters; tab and newline stay."""
    return text.translate(_CONTROLS)


def to_text(document: Document) -> str:
    """Text of all pages, each ended by a newline and parted by form feeds."""
    return "\f".join(f"{clean(page.text)}\n" for page in document.pages)
