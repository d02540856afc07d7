"""Single facts about documents, as olmOCR-bench tests them, on the text that Markdown has."""

from __future__ import annotations

from quire.bench.manifest import load_truth
from quire.bench.scoring.facts import score_facts
from quire.bench.scoring.tally import total
from quire.bench.structure.material import Figures, Material
from quire.bench.structure.subjects import of_rows


def measure_facts(material: Material) -> Figures:
    """Share of the facts that hold when the pixels alone count; headers and footers are left out, as they ask."""
    rows = [row for row in material.rows if row.facts]
    readings = material.readings.read(of_rows(rows, forced=True), "facts")
    tallies = {
        row.name: score_facts(load_truth(row).facts, reading.body())
        for row, reading in zip(rows, readings, strict=True)
    }
    return {
        "share": total(tallies.values()).summary()["tests"],
        "facts": sum(tally.facts for tally in tallies.values()),
        "documents": {name: tally.summary()["tests"] for name, tally in tallies.items()},
    }
