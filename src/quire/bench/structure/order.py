"""Reading order: how much of a text stands where its truth has it."""

from __future__ import annotations

from collections.abc import Sequence

from quire.bench.drawing.structured.truth import ASIDE
from quire.bench.manifest import Row, load_truth
from quire.bench.scoring.order import order_score
from quire.bench.structure.material import Figures, Material, mean, multi_column
from quire.bench.structure.readings import Reading
from quire.bench.structure.subjects import of_rows


def measure_order(material: Material) -> Figures:
    """NID of the folder's documents with layout, of pages in columns, of PDFs, and of drawn documents' bodies."""
    sets = {kind: _scored(material, rows, kind) for kind, rows in rows_to_order(material).items()}
    folder = [score for scores in sets.values() for score in scores.values()]
    drawn = {name: _drawn(material, scanned=name == "drawn scans") for name in ("drawn PDFs", "drawn scans")}
    return {
        "folder": mean(folder),
        **{name: mean([*scores.values()]) for name, scores in (sets | drawn).items()},
        "documents": {name: round(score, 4) for scores in (sets | drawn).values() for name, score in scores.items()},
    }


def rows_to_order(material: Material) -> dict[str, list[Row]]:
    """The folder's documents whose order is worth a look, by kind."""
    return {
        "layout": [row for row in material.of_kind("layout") if row.truth],
        "columns": [row for row in material.of_kind("pages") if multi_column(row)],
        "pdfs": [row for row in material.of_kind("pdfs") if row.truth],
    }


def _scored(material: Material, rows: Sequence[Row], title: str) -> dict[str, float]:
    readings = material.readings.read(of_rows(rows), f"order: {title}")
    return {row.name: of_reading(row, reading) for row, reading in zip(rows, readings, strict=True)}


def of_reading(row: Row, reading: Reading) -> float:
    """NID of a document; truths of kind layout leave out running heads, so what the page calls so is left out too."""
    read = reading.body() if row.kind == "layout" else reading.text
    return order_score(load_truth(row).text or "", read)


def _drawn(material: Material, *, scanned: bool) -> dict[str, float]:
    subjects = [one.scan if scanned else one.pdf for one in material.drawn]
    readings = material.readings.read(subjects, f"order: drawn {'scans' if scanned else 'PDFs'}")
    return {
        reading.subject.name: order_score(one.truth.body, reading.body(ASIDE))
        for one, reading in zip(material.drawn, readings, strict=True)
    }
