"""Quire reads documents: PDFs and images in; text, words with boxes and confidence, and Markdown out.

    import quire

    document = quire.read("invoice.pdf")
    print(document.text)

Names are loaded on first use: `quire --help` and `from quire.errors import …` need no decoder and no engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from quire.document import Block, Document, Line, Page, PageFailure, Word
    from quire.errors import QuireError
    from quire.library import open_reader, read
    from quire.options import ReadOptions
    from quire.reader import Reader

__all__ = [
    "Block",
    "Document",
    "Line",
    "Page",
    "PageFailure",
    "QuireError",
    "ReadOptions",
    "Reader",
    "Word",
    "open_reader",
    "read",
]

_HOMES: Final = {
    "Block": "quire.document",
    "Document": "quire.document",
    "Line": "quire.document",
    "Page": "quire.document",
    "PageFailure": "quire.document",
    "QuireError": "quire.errors",
    "ReadOptions": "quire.options",
    "Reader": "quire.reader",
    "Word": "quire.document",
    "open_reader": "quire.library",
    "read": "quire.library",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'quire' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
