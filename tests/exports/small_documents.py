"""Small documents, put together by hand."""

from __future__ import annotations

from quire.document import Block, BlockKind, Document, Line, Page, PageFailure, Word
from quire.geometry import Box

BOX = Box(10, 10, 110, 30).quad


def block(kind: BlockKind, text: str, level: int | None = None) -> Block:
    return Block(kind, BOX, text, (), level)


def page(*blocks: Block, number: int = 1, confidence: float = 0.95) -> Page:
    lines = tuple(Line(entry.text, BOX, confidence, (Word("w", BOX, confidence),)) for entry in blocks)
    return Page(number, 200, 100, 150.0, 0, 0.0, "ocr", "ppocr", "en", lines, blocks)


def document(*pages: Page, errors: tuple[PageFailure, ...] = ()) -> Document:
    return Document("scan.pdf", "application/pdf", "0" * 64, 3, "ppocr", pages, errors)
