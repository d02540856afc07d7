"""Which engine answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_TEXT_LAYER: Final = "pdfium"


def answered_by(document: Mapping[str, Any]) -> str:
    """The engine that read all pages, which may have stepped in for the one that was to; else the server's.

    Args:
        document: `Document.to_dict()`.
    """
    readers = {page["engine"] for page in document["pages"]} - {_TEXT_LAYER}
    name: str = readers.pop() if len(readers) == 1 else document["engine"]
    return name
