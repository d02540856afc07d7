"""A document as adapters read it that need its words: of these are many, and each costs."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from quire.geometry import Quad


class Word(msgspec.Struct, frozen=True, gc=False):
    """A word; its box is JSON still, `[[x, y], …]`."""

    text: str
    confidence: float
    box: msgspec.Raw


class Line(msgspec.Struct, frozen=True, gc=False):
    """A line of text."""

    text: str
    box: Quad
    confidence: float
    words: list[Word]
    ink: Quad | None = None


class LeanPage(msgspec.Struct, frozen=True, gc=False):
    """What of `Page.to_dict()` adapters need; blocks, tables, figures and links are as there."""

    number: int
    width: int
    height: int
    dpi: float | None
    rotation: int
    skew_degrees: float
    language: str
    markdown: str
    confidence: float
    lines: list[Line]
    blocks: list[dict[str, Any]]
    tables: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    links: list[dict[str, Any]]


class LeanDocument(msgspec.Struct, frozen=True, gc=False):
    """What of `Document.to_dict()` adapters need."""

    mime: str
    engine: str
    pages: list[LeanPage]
    errors: list[dict[str, Any]]


_DOCUMENT: Final = msgspec.json.Decoder(LeanDocument)


def lean(content: bytes) -> LeanDocument:
    """The document.

    Args:
        content: what `format=json` answers.
    """
    return _DOCUMENT.decode(content)
