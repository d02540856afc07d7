"""What a reading returns: Document → Page → Block → Line → Word. Frozen; their JSON is what users see.

Boxes are pixels of the upright page image (see `geometry`); page numbers are 1-based; confidences are 0 to 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from pydantic import TypeAdapter

from quire.geometry import Quad

SCHEMA_VERSION = "1"

PageOrigin = Literal["ocr", "text_layer"]
BlockKind = Literal[
    "title", "heading", "paragraph", "list", "table", "figure", "caption",
    "header", "footer", "page_number", "footnote", "formula", "code",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """One word: letters between spaces, or one ideograph run of a script that has none."""

    text: str
    box: Quad
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        return {"text": self.text, "box": self.box, "confidence": round(self.confidence, 4)}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in one reading direction; `words` is empty when words were not asked for."""

    text: str
    box: Quad
    confidence: float
    words: tuple[Word, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "box": self.box,
            "confidence": round(self.confidence, 4),
            "words": [word.to_dict() for word in self.words],
        }


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together. `lines` are indices into the page's lines, in reading order.

    `level` is 1 to 3 for headings, nothing for all else.
    """

    kind: BlockKind
    box: Quad
    text: str
    lines: tuple[int, ...]
    level: int | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "level": self.level,
            "box": self.box,
            "text": self.text,
            "lines": list(self.lines),
        }


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
        lines: in reading order.
        timings: seconds by stage.
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

    @property
    def text(self) -> str:
        """Plain text in reading order: one line a line, an empty line between blocks."""
        return "\n\n".join(block.text for block in self.blocks)

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
            "confidence": round(self.confidence, 4),
            "blocks": [block.to_dict() for block in self.blocks],
            "lines": [line.to_dict() for line in self.lines],
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


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A bookmark: `level` counts from 1, `page` is 1-based and absent when it leads nowhere."""

    title: str
    level: int
    page: int | None

    def to_dict(self) -> dict[str, Any]:
        return {"title": self.title, "level": self.level, "page": self.page}


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says about itself. Dates are ISO 8601; absent values are None."""

    title: str | None = None
    author: str | None = None
    subject: str | None = None
    keywords: str | None = None
    creator: str | None = None
    producer: str | None = None
    created_at: str | None = None
    modified_at: str | None = None
    page_labels: tuple[str, ...] = ()
    outline: tuple[OutlineEntry, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "author": self.author,
            "subject": self.subject,
            "keywords": self.keywords,
            "creator": self.creator,
            "producer": self.producer,
            "created_at": self.created_at,
            "modified_at": self.modified_at,
            "page_labels": list(self.page_labels),
            "outline": [entry.to_dict() for entry in self.outline],
        }


@dataclass(frozen=True, slots=True)
class Document:
    """One document as it was read: the pages that were asked for, in order, and those that failed."""

    name: str
    mime: str
    sha256: str
    pages_total: int
    engine: str
    pages: tuple[Page, ...]
    errors: tuple[PageFailure, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    schema_version: str = SCHEMA_VERSION

    @property
    def partial(self) -> bool:
        """Whether a page that was asked for is missing."""
        return bool(self.errors)

    @property
    def text(self) -> str:
        """Plain text of all pages, a form feed between them."""
        return "\f".join(page.text for page in self.pages)

    def head(self) -> dict[str, Any]:
        """Everything but pages and errors, as JSON types."""
        return {
            "schema_version": self.schema_version,
            "name": self.name,
            "mime": self.mime,
            "sha256": self.sha256,
            "pages_total": self.pages_total,
            "engine": self.engine,
            "metadata": self.metadata.to_dict(),
        }

    def to_dict(self) -> dict[str, Any]:
        return self.head() | {
            "pages": [page.to_dict() for page in self.pages],
            "errors": [error.to_dict() for error in self.errors],
            "partial": self.partial,
        }

    def to_json(self, *, indent: int | None = None) -> str:
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Document:
        """The document whose `to_dict` this is; derived fields are computed anew.

        Raises:
            pydantic.ValidationError: the value does not have the schema's shape.
        """
        return _adapter().validate_python(value)


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Document]:
    return TypeAdapter(Document)


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `Document.to_dict()`."""
    schema = TypeAdapter(Document).json_schema(mode="serialization")
    defs = schema["$defs"]
    _add_derived(schema, {"partial": {"type": "boolean"}})
    _add_derived(
        defs["Page"],
        {"text": {"type": "string"}, "confidence": {"type": "number", "minimum": 0, "maximum": 1}},
    )
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema


def _add_derived(schema: dict[str, Any], properties: Mapping[str, Any]) -> None:
    schema["properties"].update(properties)
    schema["required"] = sorted({*schema.get("required", ()), *schema["properties"]})


def text_of(lines: Iterable[Line]) -> str:
    """The lines' text, one a row."""
    return "\n".join(line.text for line in lines)
