"""What users would pick instead, on the same documents, scored the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from quire.bench import report
from quire.bench.manifest import Row, load_truth
from quire.bench.scoring.order import order_score
from quire.bench.structure.contestants import run_peer
from quire.bench.structure.material import Figures, Material, mean
from quire.bench.structure.order import rows_to_order
from quire.bench.structure.readings import Reading
from quire.bench.structure.subjects import Subject, of_rows
from quire.bench.structure.tables import rows_with_tables, scores
from quire.errors import CapabilityMissing

_SCANS: Final = 8
"""Drawn scans that the peers read: one of each template, since some take seconds a page."""

Answer = Mapping[str, Any]
"""See `peer_child`."""

Score = Callable[[Sequence[Answer]], Figures]


@dataclass(frozen=True, slots=True)
class Contest:
    """Documents, who takes part, and how answers are scored.

    Attributes:
        entrants: name in `peer_child`, and the environment it needs.
        score: of one answer a document, empty where a peer gave none.
    """

    subjects: Sequence[Subject]
    entrants: Mapping[str, str | None]
    score: Score


def measure_peers(material: Material) -> Figures:
    """Each contest's figures by peer, Quire's own first."""
    figures: Figures = {}
    for title, contest in _contests(material).items():
        own = material.readings.read(contest.subjects, f"{title}: quire")
        figures[title] = {"quire": _own(contest, own)}
        for name in report.progress([*contest.entrants], title):
            figures[title][name] = _of_peer(contest, name)
    return figures


def _contests(material: Material) -> dict[str, Contest]:
    return {
        "order, born-digital": _born_digital(material),
        "order, images": _images(material),
        "tables, born-digital": _tables(
            rows_with_tables(material)["PDFs"],
            {"pdfplumber tables": "pdf", "camelot lattice": "pdf", "camelot stream": "pdf", "img2table": "img2table"},
        ),
        "tables, images": _tables(rows_with_tables(material)["images"], {"img2table": "img2table"}),
    }


def _born_digital(material: Material) -> Contest:
    truths = [one.truth.body for one in material.drawn]
    entrants = {"pdftotext": None, "pdftotext -layout": None, "pdfplumber text": "pdf"}
    return Contest([one.pdf for one in material.drawn], entrants, partial(_order_scores, truths))


def _images(material: Material) -> Contest:
    rows = [row for name in ("layout", "columns") for row in rows_to_order(material)[name]]
    scans = material.drawn[:_SCANS]
    truths = [*(load_truth(row).text or "" for row in rows), *(one.truth.body for one in scans)]
    entrants = {"rapidocr to_markdown": None, "tesseract": None}
    return Contest([*of_rows(rows), *(one.scan for one in scans)], entrants, partial(_order_scores, truths))


def _tables(rows: Sequence[Row], entrants: Mapping[str, str | None]) -> Contest:
    truths = [load_truth(row).tables for row in rows]
    return Contest(of_rows(rows), entrants, partial(_table_scores, truths))


def _order_scores(truths: Sequence[str], answers: Sequence[Answer]) -> Figures:
    """Mean NID of all that was read: headers and footers count against everybody."""
    read = ["\f".join(answer.get("texts", ())) for answer in answers]
    return {"nid": mean([order_score(truth, text) for truth, text in zip(truths, read, strict=True)])}


def _table_scores(truths: Sequence[Sequence[str]], answers: Sequence[Answer]) -> Figures:
    return scores([(truth, answer.get("tables", ())) for truth, answer in zip(truths, answers, strict=True)])


def _own(contest: Contest, readings: Sequence[Reading]) -> Figures:
    answers = [{"texts": [page.text for page in reading.pages], "tables": reading.tables} for reading in readings]
    pages = sum(len(reading.pages) for reading in readings)
    return contest.score(answers) | {"page_s": sum(reading.wall_s for reading in readings) / max(1, pages), "failed": 0}


def _of_peer(contest: Contest, name: str) -> Figures:
    """A peer's figures, or why it did not take part."""
    try:
        run = run_peer(name, contest.entrants[name], contest.subjects)
    except CapabilityMissing as exc:
        return {"skipped": exc.detail}
    answers = [run.answers.get(subject.name, {}) for subject in contest.subjects]
    return contest.score(answers) | {"page_s": run.page_s, "failed": len(run.failures), "version": run.version}
