"""Accuracy on a folder of real documents: read each, compare it with its truth, sum up by kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quire.bench import machine, report
from quire.bench.entrants import Entrant, OpenEngine, opened
from quire.bench.failures import FailureReport, Run, compared, write_failures
from quire.bench.manifest import Row, load_manifest, select
from quire.bench.predictions import prediction, write_predictions
from quire.bench.scored import Asking, score_folder, summaries
from quire.errors import InvalidOption


def measure_accuracy(
    data_dir: Path,
    *,
    kinds: Sequence[str] | None,
    limit: int | None,
    asking: Asking,
    entrants: Sequence[Entrant],
    open_engine: OpenEngine,
    predictions: Path | None,
    failures: FailureReport | None,
    out: Path | None,
) -> dict[str, Any]:
    """See `quire.bench.run_accuracy`.

    Args:
        entrants: one, or two to be compared.
    """
    rows = _rows(data_dir, kinds, limit)
    with opened(entrants, open_engine) as readers:
        runs = [
            Run(entrant, reader.engine.info.to_dict(), score_folder(rows, reader, asking, entrant))
            for entrant, reader in zip(entrants, readers, strict=True)
        ]
    if predictions is not None:
        read = [prediction(one.row, one.document) for one in runs[0].scored if one.document is not None]
        write_predictions(predictions, read)
    if failures is not None:
        write_failures(failures, runs, ignore_case=asking.ignore_case)
    result = _result(runs, asking, limit)
    _show(result)
    report.save(result, out)
    return result


def _rows(data_dir: Path, kinds: Sequence[str] | None, limit: int | None) -> list[Row]:
    if limit is not None and limit < 1:
        raise InvalidOption("option 'limit': must be at least 1")
    rows = [row for row in load_manifest(data_dir) if row.scorable]
    chosen = select(rows, kinds, limit)
    if not chosen:
        known = ", ".join(sorted({row.kind for row in rows}))
        raise InvalidOption(f"no document to score: choose kinds among {known}")
    return chosen


def _result(runs: Sequence[Run], asking: Asking, limit: int | None) -> dict[str, Any]:
    options = {name: getattr(asking, name) for name in ("language", "force_ocr", "ignore_case")}
    first, *others = map(_figures, runs)
    result = {"machine": machine.describe(), **first, "options": options | {"limit": limit}}
    for against in others:
        kinds = compared(*(run.scored for run in runs))
        result |= {"against": against, "comparison": {kind: one.to_dict() for kind, one in kinds.items()}}
    return result


def _figures(run: Run) -> dict[str, Any]:
    return {
        "entrant": run.entrant.name,
        "engine": run.engine,
        "kinds": summaries(run.scored),
        "documents": [one.to_dict() for one in run.scored],
    }


def _show(result: dict[str, Any]) -> None:
    _show_figures(result)
    if "against" in result:
        _show_figures(result["against"])
        rows = [[kind, *figures.values()] for kind, figures in result["comparison"].items()]
        title = f"{result['entrant']} against {result['against']['entrant']}"
        report.show(title, ["kind", *result["comparison"]["all"]], rows)


def _show_figures(figures: dict[str, Any]) -> None:
    names = list(figures["kinds"]["all"])
    rows = [[kind, *(rates[name] for name in names)] for kind, rates in figures["kinds"].items()]
    report.show(f"Accuracy of {figures['entrant']}", ["kind", *names], rows)
    failed = [(one["path"], one["error"]) for one in figures["documents"] if one["error"]]
    if failed:
        report.show("Not read, or not whole", ["document", "error"], failed)
