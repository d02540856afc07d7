"""Documents read by Quire for several figures at once: each in one way only once."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from quire.bench import report
from quire.bench.structure.subjects import Subject
from quire.document import Block, Document, Page
from quire.document.markdown import MARGINALIA, merged
from quire.errors import QuireError
from quire.options import ReadOptions, TextLayerMode
from quire.reader import Reader


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a document; `document` is None when it could not be read at all."""

    subject: Subject
    document: Document | None
    wall_s: float

    @property
    def pages(self) -> tuple[Page, ...]:
        return self.document.pages if self.document else ()

    @property
    def blocks(self) -> list[Block]:
        """Of all pages, in order."""
        return [block for page in self.pages for block in page.blocks]

    @property
    def text(self) -> str:
        """All there is, a form feed between pages."""
        return "\f".join(page.text for page in self.pages)

    @property
    def tables(self) -> list[str]:
        """HTML of all tables, in order."""
        return [table.html for page in self.pages for table in page.tables]

    def body(self, without: Collection[str] = MARGINALIA) -> str:
        """The text that Markdown has, without its marks; blocks of some kinds left out."""
        return "\f".join(
            "\n\n".join(block.text for block in merged(page.blocks) if block.kind not in without) for page in self.pages
        )


class Readings:
    """Reads on demand and remembers."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, bool], Reading] = {}

    def read(self, subjects: Iterable[Subject], title: str) -> list[Reading]:
        """The readings of documents, in order."""
        return [self._one(subject) for subject in report.progress([*subjects], title)]

    @property
    def all(self) -> list[Reading]:
        """All so far."""
        return [*self._known.values()]

    def _one(self, subject: Subject) -> Reading:
        key = (subject.name, subject.forced)
        if key not in self._known:
            started = time.perf_counter()
            document = self._read(subject)
            self._known[key] = Reading(subject, document, time.perf_counter() - started)
        return self._known[key]

    def _read(self, subject: Subject) -> Document | None:
        layer = TextLayerMode.NEVER if subject.forced else TextLayerMode.AUTO
        try:
            return self._reader.read(subject.path, ReadOptions.of(text_layer=layer), name=subject.name)
        except QuireError:
            return None
