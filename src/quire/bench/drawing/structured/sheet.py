"""A PDF to write on, from the top left corner in points, that remembers what was written in which order."""

from __future__ import annotations

import io
from typing import Any

from quire.bench.drawing.structured.setting import Style
from quire.bench.drawing.structured.truth import Piece, StructuredTruth, TrueBlock
from quire.bench.extras import missing_extra
from quire.document import BlockKind


class Sheet:
    """Pages of one size.

    Attributes:
        page: the one that is written on, from 1.
    """

    def __init__(self, width: float = 595.0, height: float = 842.0) -> None:
        try:
            from reportlab.pdfgen.canvas import Canvas
        except ImportError as exc:
            raise missing_extra(exc) from exc
        self.width, self.height, self.page = width, height, 1
        self._buffer = io.BytesIO()
        self._canvas: Any = Canvas(self._buffer, pagesize=(width, height), invariant=1)
        self._blocks: list[TrueBlock] = []
        self._pieces: list[Piece] = []

    def block(self, kind: BlockKind, text: str, *, level: int | None = None, html: str | None = None) -> int:
        """Notes that a block starts on this page; its number is what pieces name it by."""
        self._blocks.append(TrueBlock(kind, self.page, text, level, html))
        return len(self._blocks) - 1

    def piece(self, block: int, text: str, *, joins: bool = False) -> None:
        """Notes what comes next in reading order."""
        self._pieces.append(Piece(block, self.page, text, joins))

    def write(self, x: float, y: float, text: str, style: Style, *, grey: float = 0.0) -> None:
        """A line with its baseline's left end at a point."""
        self._canvas.setFillGray(grey)
        self._canvas.setFont(style.font, style.size)
        self._canvas.drawString(x, self.height - y, text)

    def spread(self, x: float, y: float, words: tuple[str, ...], width: float, style: Style) -> None:
        """Words from edge to edge, each set by itself as typesetters do."""
        free = width - sum(map(style.width, words))
        gap = free / max(1, len(words) - 1)
        for word in words:
            self.write(x, y, word, style)
            x += style.width(word) + gap

    def rule(self, x0: float, y0: float, x1: float, y1: float, *, weight: float = 0.6) -> None:
        """A straight line, `weight` points thick."""
        self._canvas.setStrokeGray(0)
        self._canvas.setLineWidth(weight)
        self._canvas.line(x0, self.height - y0, x1, self.height - y1)

    def area(self, x0: float, y0: float, x1: float, y1: float, *, grey: float) -> None:
        """A filled rectangle without a border."""
        self._canvas.setFillGray(grey)
        self._canvas.rect(x0, self.height - y1, x1 - x0, y1 - y0, stroke=0, fill=1)

    def image(self, packed: bytes, x: float, y: float, width: float, height: float) -> None:
        """A picture file with its top left corner at a point."""
        from reportlab.lib.utils import ImageReader

        self._canvas.drawImage(ImageReader(io.BytesIO(packed)), x, self.height - y - height, width, height)

    def turn(self) -> None:
        """Goes on to the next page."""
        self._canvas.showPage()
        self.page += 1

    def finish(self, template: str) -> tuple[bytes, StructuredTruth]:
        """The PDF and its truth."""
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue(), StructuredTruth(template, self.page, tuple(self._blocks), tuple(self._pieces))
