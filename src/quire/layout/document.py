"""What only the whole document tells: heading levels, repeated headers and footers, what goes on over pages."""

from __future__ import annotations

from quire.document import Document


def refine(document: Document) -> Document:
    """The document with what its pages say about each other; refining again changes nothing."""
    return document
