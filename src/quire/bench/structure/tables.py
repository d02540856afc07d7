"""Tables: which cells are neighbours (ICDAR 2013), and how alike whole tables are (TEDS)."""

from __future__ import annotations

from collections.abc import Sequence

from quire.bench.manifest import Row, load_truth
from quire.bench.scoring.tables import score_tables
from quire.bench.scoring.tally import total
from quire.bench.scoring.teds import table_scores
from quire.bench.structure.material import Figures, Material, is_image, mean
from quire.bench.structure.subjects import of_rows

Pair = tuple[Sequence[str], Sequence[str]]
"""True and read tables of one document, HTML."""


def measure_tables(material: Material) -> Figures:
    """Of born-digital documents, of table images, of tables in page images, and of drawn documents."""
    sets = rows_with_tables(material)
    figures: Figures = {name: scores(_pairs(material, rows, name)) for name, rows in sets.items()}
    for name, scanned in (("drawn PDFs", False), ("drawn scans", True)):
        subjects = [one.scan if scanned else one.pdf for one in material.drawn]
        readings = material.readings.read(subjects, f"tables: {name}")
        figures[name] = scores(
            [(one.truth.tables, read.tables) for one, read in zip(material.drawn, readings, strict=True)]
        )
    return figures | {"documents": {row.name: _of_one(material, row) for rows in sets.values() for row in rows}}


def rows_with_tables(material: Material) -> dict[str, list[Row]]:
    """The folder's documents with true tables."""
    listed = [row for row in material.of_kind("tables") if row.truth and load_truth(row).tables]
    return {
        "PDFs": [row for row in listed if not is_image(row)],
        "images": [row for row in listed if is_image(row)],
        "page images": [row for row in material.of_kind("layout") if row.truth and load_truth(row).tables],
    }


def scores(pairs: Sequence[Pair]) -> Figures:
    """Cell adjacency F1 over all documents, and mean TEDS over all true tables."""
    similar = [score for truth, read in pairs for score in table_scores(truth, read)]
    return {
        "f1": total(score_tables(truth, read) for truth, read in pairs).summary()["tabF1"],
        "teds": mean(similar),
        "tables": sum(len(truth) for truth, _ in pairs),
    }


def _pairs(material: Material, rows: Sequence[Row], title: str) -> list[Pair]:
    readings = material.readings.read(of_rows(rows), f"tables: {title}")
    return [(load_truth(row).tables, reading.tables) for row, reading in zip(rows, readings, strict=True)]


def _of_one(material: Material, row: Row) -> float | None:
    ((truth, read),) = _pairs(material, [row], row.name)
    return score_tables(truth, read).summary()["tabF1"]
