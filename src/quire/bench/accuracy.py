"""Accuracy on a folder of real documents: read each, compare it with its truth, sum up by kind."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quire.bench import machine, report
from quire.bench.manifest import Row, load_manifest, load_truth, select
from quire.bench.predictions import Prediction, prediction, score, write_predictions
from quire.bench.scoring.tally import Tally, total
from quire.errors import InvalidOption, QuireError, UnknownLanguage
from quire.options import ReadOptions, TextLayerMode
from quire.reader import Reader


@dataclass(frozen=True, slots=True)
class Scored:
    """One document, read and scored.

    Attributes:
        read: None when it could not be read; `error` is the code of why.
        wall_s: seconds that reading took.
    """

    row: Row
    tally: Tally
    read: Prediction | None
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


def measure_accuracy(
    data_dir: Path,
    *,
    kinds: Sequence[str] | None,
    limit: int | None,
    language: str,
    force_ocr: bool,
    ignore_case: bool,
    predictions: Path | None,
    out: Path | None,
) -> dict[str, Any]:
    """See `quire.bench.run_accuracy`."""
    from quire import open_reader

    rows = _rows(data_dir, kinds, limit)
    with closing(open_reader()) as reader:
        scored = score_folder(rows, reader, language=language, force_ocr=force_ocr, ignore_case=ignore_case)
        engine = reader.engine.info.to_dict()
    if predictions is not None:
        write_predictions(predictions, [one.read for one in scored if one.read is not None])
    result = {
        "machine": machine.describe(),
        "engine": engine,
        "options": {"language": language, "force_ocr": force_ocr, "ignore_case": ignore_case, "limit": limit},
        "kinds": summaries(scored),
        "documents": [one.to_dict() for one in scored],
    }
    _show(result)
    report.save(result, out)
    return result


def score_folder(
    rows: Sequence[Row],
    reader: Reader,
    *,
    language: str = "auto",
    force_ocr: bool = False,
    ignore_case: bool = True,
) -> list[Scored]:
    """Reads and scores documents one after the other; one that fails counts as read empty.

    Args:
        language: a language, "auto", or "manifest" for each document's own where the engine knows it.
    """
    scored = []
    for row in report.progress(rows, "accuracy"):
        started = time.perf_counter()
        read, error = _read(row, reader, language, force_ocr)
        wall_s = time.perf_counter() - started
        scored.append(Scored(row, score(load_truth(row), read, ignore_case=ignore_case), read, error, wall_s))
    return scored


def summaries(scored: Sequence[Scored]) -> dict[str, dict[str, float | None]]:
    """Figures by kind, and of all under "all"."""
    kinds = sorted({one.row.kind for one in scored})
    figures = {kind: total(one.tally for one in scored if one.row.kind == kind).summary() for kind in kinds}
    return figures | {"all": total(one.tally for one in scored).summary()}


def options_for(row: Row, language: str, force_ocr: bool) -> ReadOptions:
    """How a row is read: its pixels alone where the truth was taken from its text layer."""
    pixels_only = force_ocr or row.truth_quality == "text-layer"
    return ReadOptions.of(
        language=row.language if language == "manifest" else language,
        text_layer=TextLayerMode.NEVER if pixels_only else TextLayerMode.AUTO,
    )


def _rows(data_dir: Path, kinds: Sequence[str] | None, limit: int | None) -> list[Row]:
    if limit is not None and limit < 1:
        raise InvalidOption("option 'limit': must be at least 1")
    rows = [row for row in load_manifest(data_dir) if row.scorable]
    chosen = select(rows, kinds, limit)
    if not chosen:
        known = ", ".join(sorted({row.kind for row in rows}))
        raise InvalidOption(f"no document to score: choose kinds among {known}")
    return chosen


def _read(row: Row, reader: Reader, language: str, force_ocr: bool) -> tuple[Prediction | None, str | None]:
    options = options_for(row, language, force_ocr)
    try:
        try:
            document = reader.read(row.path, options, name=row.name)
        except UnknownLanguage:
            if language != "manifest":
                raise
            document = reader.read(row.path, options.model_copy(update={"language": "auto"}), name=row.name)
    except QuireError as exc:
        return None, exc.code
    return prediction(row, document), document.errors[0].code if document.errors else None


def _show(result: dict[str, Any]) -> None:
    names = list(result["kinds"]["all"])
    rows = [[kind, *(figures[name] for name in names)] for kind, figures in result["kinds"].items()]
    report.show("Accuracy", ["kind", *names], rows)
    failed = [(one["path"], one["error"]) for one in result["documents"] if one["error"]]
    if failed:
        report.show("Not read, or not whole", ["document", "error"], failed)
