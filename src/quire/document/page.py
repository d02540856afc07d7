"""One page as it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from quire.document.blocks import Block
from quire.document.flow import joined
from quire.document.grounding import Grounding
from quire.document.markdown import page_markdown
from quire.document.matches import Match
from quire.document.quality import Quality
from quire.document.routing import Routing
from quire.document.tables import Figure, Table
from quire.document.text import Line, Link

PageOrigin = Literal["ocr", "text_layer"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was read.

    Attributes:
        number: 1-based position in the document.
        width, height: pixels of the upright page image.
        dpi: pixels per inch of that image; None where an image file does not say.
        rotation: degrees clockwise (0, 90, 180, 270) by which the page was turned to stand upright.
        skew_degrees: remaining tilt of the text lines, clockwise positive; boxes follow the tilt.
        source: whether the text was recognised or taken from the PDF's text layer.
        engine: name of the engine that read the page, "pdfium" for a text layer.
        language: the option as given, or what "auto" settled on.
        lines, blocks: in reading order.
        warnings: what may be amiss with the reading, for people.
        timings: seconds by stage.
        tables, figures: of blocks of that kind.
        links: of a PDF page.
        quality: of the page image; None for a text layer, whose page was not looked at.
        matches: what `task=locate` found.
        answers: the task that the engine itself answered; None for a reading of the page, of which tasks are made.
        grounding: how far a second reading bears out the text; None where it was not asked for.
        routing: who read the page and why; None where no model was at hand or needed: a text layer, a blank page.
    """

    number: int
    width: int
    height: int
    dpi: float | None
    rotation: int
    skew_degrees: float
    source: PageOrigin
    engine: str
    language: str
    lines: tuple[Line, ...]
    blocks: tuple[Block, ...]
    warnings: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    links: tuple[Link, ...] = ()
    quality: Quality | None = None
    matches: tuple[Match, ...] = ()
    answers: str | None = None
    grounding: Grounding | None = None
    routing: Routing | None = None

    @property
    def text(self) -> str:
        """Plain text in reading order, an empty line between blocks; one that goes on in a later column is whole."""
        parts: list[str] = []
        for place, block in enumerate(self.blocks):
            if block.continues and place and self.blocks[place - 1].kind == block.kind:
                parts[-1] = joined(parts[-1], block.text)
            else:
                parts.append(block.text)
        return "\n\n".join(parts)

    @property
    def markdown(self) -> str:
        """The page as Markdown, without headers, footers and page numbers; what it says is escaped."""
        return page_markdown(self)

    @property
    def confidence(self) -> float:
        """Mean confidence of the lines weighted by their length; 1.0 for a page without text."""
        weight = sum(len(line.text) for line in self.lines)
        if not weight:
            return 1.0
        # Of the figures as they are written, so that a result read back says the same.
        return sum(round(line.confidence, 4) * len(line.text) for line in self.lines) / weight

    def to_dict(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "width": self.width,
            "height": self.height,
            "dpi": self.dpi,
            "rotation": self.rotation,
            "skew_degrees": round(self.skew_degrees, 2),
            "source": self.source,
            "engine": self.engine,
            "language": self.language,
            "text": self.text,
            "markdown": self.markdown,
            "confidence": round(self.confidence, 4),
            "blocks": [block.to_dict() for block in self.blocks],
            "lines": [line.to_dict() for line in self.lines],
            "tables": [table.to_dict() for table in self.tables],
            "figures": [figure.to_dict() for figure in self.figures],
            "links": [link.to_dict() for link in self.links],
            "quality": None if self.quality is None else self.quality.to_dict(),
            "matches": [match.to_dict() for match in self.matches],
            "answers": self.answers,
            "grounding": None if self.grounding is None else self.grounding.to_dict(),
            "routing": None if self.routing is None else self.routing.to_dict(),
            "warnings": list(self.warnings),
            "timings": {name: round(seconds, 5) for name, seconds in self.timings.items()},
        }


@dataclass(frozen=True, slots=True)
class PageFailure:
    """A page that could not be read, and why."""

    page: int
    code: str
    detail: str

    def to_dict(self) -> dict[str, Any]:
        return {"page": self.page, "code": self.code, "detail": self.detail}
