"""The figures as tables, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from quire.bench import report

_HEADER: Final = ("pages/s", "p50, s", "p95, s", "p99, s", "answered", "failed", "client")
_FIGURES: Final = ("pages_per_s", "p50_s", "p95_s", "p99_s")


def show(result: Mapping[str, Any]) -> None:
    """Prints what there is."""
    for engine, found in result["engines"].items():
        about = f"{engine} on Quire {result['server']}"
        if found.get("closed"):
            rows = [[str(step["callers"]), *_cells(step)] for step in found["closed"]]
            report.show(f"{about}: callers who wait for their answers", ["callers", *_HEADER], rows)
        if found.get("open"):
            rows = [[f"{step['offered_per_s']:.2f}/s", *_cells(step)] for step in found["open"]]
            report.show(f"{about}: requests that come at random", ["offered", *_HEADER], rows)
        if "batch" in found:
            _show_batch(about, found["batch"])


def _cells(step: Mapping[str, Any]) -> list[object]:
    failures = ", ".join(f"{count} × {name}" for name, count in step["failures"].items())
    return [*(step[name] for name in _FIGURES), step["answered"], failures or None, step["client_busy"]]


def _show_batch(about: str, batch: Mapping[str, Any]) -> None:
    rows = [
        [name, *(batch[figure][part] for part in ("median", "min", "max"))]
        for name, figure in (
            ("one job, pages/s", "job_pages_per_s"),
            ("one call after the other, pages/s", "single_pages_per_s"),
            ("job ÷ calls", "ratio"),
        )
    ]
    report.show(f"{about}: {batch['documents']} documents", ["figure", "median", "least", "most"], rows)
