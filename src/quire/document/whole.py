"""One document as it was read: its pages, and what it says about itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from quire.document.notebook import framed
from quire.document.page import Page, PageFailure

SCHEMA_VERSION = "1"


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
    """One document as it was read.

    Attributes:
        name: of its file, or as it was asked for.
        mime: media type of its content.
        sha256: of its bytes, in hexadecimal digits.
        pages_total: how many pages it has, whether they were asked for or not.
        engine: name of the engine that was to read it.
        pages: those that were asked for and read, in order.
        errors: those that failed.
        metadata: what the document says about itself.
    """

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
        """Plain text of all pages, a form feed between them: each page has its own part of what goes on over pages."""
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

    def _repr_html_(self) -> str:
        """What Jupyter shows."""
        return framed(self)

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
