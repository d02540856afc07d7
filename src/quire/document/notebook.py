"""A document as notebooks show it."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from quire.document.whole import Document

_MOST_PAGES: Final = 20


def framed(document: Document) -> str:
    """The document's HTML in a frame of its own: its styles stay inside, and it can run no script.

    Of a long document the first pages are shown, as notebooks keep what they show.
    """
    # The one look upward from here: notebooks ask the object itself, and how a document becomes HTML is said there.
    from quire.exports.html import to_html

    page = escape(to_html(replace(document, pages=document.pages[:_MOST_PAGES])))
    more = len(document.pages) - _MOST_PAGES
    note = f"<p>{more} more pages are not shown here.</p>" if more > 0 else ""
    return f'<iframe sandbox srcdoc="{page}" style="width:100%;height:32em;border:1px solid #ccc"></iframe>{note}'
