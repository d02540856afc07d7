"""Whether turning lines into a document loses letters: the error rate of whole pages."""

from __future__ import annotations

from quire.bench.manifest import load_truth
from quire.bench.scoring.tally import total
from quire.bench.scoring.text import score_text
from quire.bench.structure.material import Figures, Material
from quire.bench.structure.subjects import of_rows


def measure_characters(material: Material) -> Figures:
    """Character error rate of pages and of turned ones, without regard to case."""
    return {kind: _rate(material, kind) for kind in ("pages", "rotated")}


def _rate(material: Material, kind: str) -> float | None:
    rows = [row for row in material.of_kind(kind) if row.truth]
    readings = material.readings.read(of_rows(rows), f"characters: {kind}")
    tallies = [
        score_text(load_truth(row).text or "", reading.text, ignore_case=True)
        for row, reading in zip(rows, readings, strict=True)
    ]
    return total(tallies).summary()["CER"]
