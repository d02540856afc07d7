"""A PDF's bookmarks, which may be many, deep or a loop."""

from __future__ import annotations

from typing import Final

import pypdfium2.raw as raw

from quire.document import OutlineEntry
from quire.sources.pdfium import Handle, address_of, text_from

_MAX_ENTRIES: Final = 2_000
_MAX_LEVEL: Final = 10


def read_outline(document: Handle) -> tuple[OutlineEntry, ...]:
    """Bookmarks in reading order, at most 2,000 and 10 levels deep; the lock is held."""
    entries: list[OutlineEntry] = []
    seen: set[int] = set()
    waiting = [(raw.FPDFBookmark_GetFirstChild(document, None), 1)]
    while waiting and len(entries) < _MAX_ENTRIES:
        bookmark, level = waiting.pop()
        address = address_of(bookmark)
        if not address or address in seen:
            continue
        seen.add(address)
        title = text_from(raw.FPDFBookmark_GetTitle, bookmark)
        if title:
            entries.append(OutlineEntry(title, level, _page(document, bookmark)))
        waiting.append((raw.FPDFBookmark_GetNextSibling(document, bookmark), level))
        if level < _MAX_LEVEL:
            waiting.append((raw.FPDFBookmark_GetFirstChild(document, bookmark), level + 1))
    return tuple(entries)


def _page(document: Handle, bookmark: Handle) -> int | None:
    target = raw.FPDFBookmark_GetDest(document, bookmark)
    if not target:
        action = raw.FPDFBookmark_GetAction(bookmark)
        target = raw.FPDFAction_GetDest(document, action) if action else None
    index = raw.FPDFDest_GetDestPageIndex(document, target) if target else -1
    return index + 1 if index >= 0 else None
