"""Documents of a folder, read and compared with their truth."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from quire.bench import report
from quire.bench.entrants import Entrant
from quire.bench.manifest import Row, load_truth
from quire.bench.predictions import prediction, score
from quire.bench.scoring.tally import Tally, total
from quire.document import Document
from quire.errors import QuireError, UnknownLanguage
from quire.options import ReadOptions, TextLayerMode
from quire.reader import Reader


@dataclass(frozen=True, slots=True)
class Scored:
    """One document, read and scored.

    Attributes:
        document: None when it could not be read; `error` is the code of why.
        wall_s: seconds that reading took.
    """

    row: Row
    tally: Tally
    document: Document | None
    error: str | None
    wall_s: float

    def to_dict(self) -> dict[str, Any]:
        figures = self.tally.summary()
        return {
            "path": self.row.name,
            "kind": self.row.kind,
            "error": self.error,
            "wall_s": round(self.wall_s, 3),
            **{name: value for name, value in figures.items() if name != "docs"},
        }


@dataclass(frozen=True, slots=True)
class Asking:
    """How all documents are read and compared.

    Attributes:
        language: a language, "auto", or "manifest" for each document's own where the engine knows it.
        force_ocr: recognise pages even where a text layer could be used.
        ignore_case: compare without regard to case.
    """

    language: str = "auto"
    force_ocr: bool = False
    ignore_case: bool = True


def score_folder(
    rows: Sequence[Row], reader: Reader, asking: Asking | None = None, entrant: Entrant | None = None
) -> list[Scored]:
    """Reads and scores documents one after the other; one that fails counts as read empty."""
    asking, entrant = asking or Asking(), entrant or Entrant()
    scored = []
    for row in report.progress(rows, entrant.name):
        started = time.perf_counter()
        document, error = _read(row, reader, asking, entrant)
        wall_s = time.perf_counter() - started
        read = None if document is None else prediction(row, document)
        tally = score(load_truth(row), read, ignore_case=asking.ignore_case)
        scored.append(Scored(row, tally, document, error, wall_s))
    return scored


def options_for(row: Row, language: str, force_ocr: bool) -> ReadOptions:
    """How a row is read: its pixels alone where the truth was taken from its text layer."""
    pixels_only = force_ocr or row.truth_quality == "text-layer"
    return ReadOptions.of(
        language=row.language if language == "manifest" else language,
        text_layer=TextLayerMode.NEVER if pixels_only else TextLayerMode.AUTO,
    )


def _read(row: Row, reader: Reader, asking: Asking, entrant: Entrant) -> tuple[Document | None, str | None]:
    options = options_for(row, asking.language, asking.force_ocr).model_copy(update=entrant.options)
    try:
        try:
            document = reader.read(row.path, options, name=row.name)
        except UnknownLanguage:
            if asking.language != "manifest":
                raise
            document = reader.read(row.path, options.model_copy(update={"language": "auto"}), name=row.name)
    except QuireError as exc:
        return None, exc.code
    return document, document.errors[0].code if document.errors else None


def summaries(scored: Iterable[Scored]) -> dict[str, dict[str, float | None]]:
    """Figures by kind, and of all under "all"."""
    tallies = [(one.row.kind, one.tally) for one in scored]
    kinds = sorted({kind for kind, _ in tallies})
    figures = {kind: total(tally for own, tally in tallies if own == kind).summary() for kind in kinds}
    return figures | {"all": total(tally for _, tally in tallies).summary()}
