"""Pages whose words stand at known places, as a reading of a drawn sheet would say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from quire.document import Block, Direction, Document, Line, Page, Word
from quire.geometry import Box, Quad, bounds

WIDTH, HEIGHT = 640, 400

HOSTILE = '<script>alert("x")</script> ]]> \'&amp; \x1b[31m\x00\ufffe \ud800'


def line(*words: tuple[str, Quad], confidence: float = 0.99) -> Line:
    parts = tuple(Word(text, box, confidence) for text, box in words)
    return Line(" ".join(text for text, _ in words), bounds(word.box for word in parts).quad, confidence, parts)


def at(x: float, y: float, text: str, width: float | None = None) -> tuple[str, Quad]:
    """A word of letters ten pixels wide and twenty high."""
    return text, Box(x, y, x + (width or 10 * len(text)), y + 20).quad


def read_page(lines: Sequence[Line], *, direction: Direction = "ltr", **changes: Any) -> Page:
    """A recognised page with one paragraph of these lines."""
    text = "\n".join(entry.text for entry in lines)
    box = bounds(entry.box for entry in lines).quad if lines else Box(0, 0, 1, 1).quad
    block = Block("paragraph", box, text, (*range(len(lines)),), direction=direction)
    values: dict[str, Any] = {
        "number": 1, "width": WIDTH, "height": HEIGHT, "dpi": 72.0, "rotation": 0, "skew_degrees": 0.0,
        "source": "ocr", "engine": "ppocr", "language": "en", "lines": tuple(lines), "blocks": (block,),
    }  # fmt: skip
    return Page(**(values | changes))


def read_document(*pages: Page, mime: str = "image/png") -> Document:
    return Document("scan", mime, "0" * 64, len(pages), "ppocr", pages)
