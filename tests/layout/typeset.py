"""Pages set from rows of text, as a PDF would give them: no image, no engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quire.document import Document, Line, Metadata, OutlineEntry, Page
from quire.geometry import Box
from quire.layout import analyse
from quire.view import LineStyle, PageView, Rule

WIDTH, HEIGHT, LEFT, RIGHT = 1240, 1754, 150, 1090
BODY = 22.0
PROSE = (
    "The harbour was quiet in the early morning and nobody had come down to",
    "the boats yet, so that the two of them could talk without being heard by",
    "anyone who might have cared about the price of coal or the new railway,",
    "which had been promised for so many years that it had become a joke.",
)


@dataclass(frozen=True)
class Row:
    """One line: its text, top in pixels, size of its letters, and where it starts."""

    text: str
    y: float
    size: float = BODY
    x: float = LEFT
    bold: bool = False
    tag: str | None = None
    confidence: float = 1.0

    @property
    def line(self) -> Line:
        end = min(self.x + 0.53 * self.size * len(self.text), RIGHT if len(self.text) > 60 else WIDTH - 60)
        return Line(self.text, Box(self.x, self.y, end, self.y + 1.2 * self.size).quad, self.confidence)

    @property
    def style(self) -> LineStyle:
        return LineStyle(self.size, self.bold, tag=self.tag)


def prose(y: float, rows: Sequence[str] = PROSE, size: float = BODY) -> list[Row]:
    """A paragraph whose first row has its top at `y`."""
    return [Row(text, y + 30 * place, size) for place, text in enumerate(rows)]


def view(
    *rows: Row, rules: tuple[Rule, ...] = (), bookmarks: tuple[tuple[str, int], ...] = (), dpi: float | None = 150.0
) -> PageView:
    return PageView(
        WIDTH,
        HEIGHT,
        dpi,
        0.0,
        tuple(row.line for row in rows),
        tuple(row.style for row in rows),
        rules,
        bookmarks=bookmarks,
    )


def page(number: int, *rows: Row, **more: tuple[Rule, ...]) -> Page:
    seen = view(*rows, **more)  # type: ignore[arg-type]
    found = analyse(seen, number)
    return Page(
        number, WIDTH, HEIGHT, 150.0, 0, 0.0, "text_layer", "pdfium", "en",
        found.lines, found.blocks, tables=found.tables, figures=found.figures,
    )  # fmt: skip


def document(*pages: Page, outline: tuple[OutlineEntry, ...] = ()) -> Document:
    metadata = Metadata(outline=outline)
    return Document("book.pdf", "application/pdf", "0" * 64, len(pages), "ppocr", pages, metadata=metadata)
