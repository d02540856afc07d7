"""Headings and kinds of blocks: on drawn documents, whose truth is exact, and where the folder has Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from quire.bench.manifest import Row
from quire.bench.scoring.counts import Counts, summed
from quire.bench.scoring.headings import Heading, score_headings
from quire.bench.scoring.kinds import score_kinds
from quire.bench.structure.material import Figures, Material
from quire.bench.structure.readings import Reading
from quire.bench.structure.subjects import Drawn, of_rows

_SETS = (("drawn PDFs", False), ("drawn scans", True))
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)


def measure_headings(material: Material) -> Figures:
    """F1 of headings by text and level; by text alone on the folder's documents whose truth is Markdown too."""
    figures: Figures = {name: _drawn(material, name, scanned) for name, scanned in _SETS}
    rows = [row for row in material.rows if _markdown(row) is not None]
    readings = material.readings.read(of_rows(rows), "headings: Markdown")
    counts = [_of_markdown(row, reading) for row, reading in zip(rows, readings, strict=True)]
    return figures | {"Markdown truth, text alone": summed(counts).to_dict()}


def measure_kinds(material: Material) -> Figures:
    """F1 of each kind of block, word by word, on drawn documents; of figures, which have few words, by their number."""
    figures: Figures = {}
    for name, scanned in _SETS:
        pictures = summed(_pictures(one, reading) for one, reading in _read(material, name, scanned))
        by_document = [
            score_kinds(
                [(block.kind, block.text) for block in one.truth.blocks],
                [(block.kind, block.text) for block in reading.blocks],
            )
            for one, reading in _read(material, name, scanned)
        ]
        known = sorted({kind for counts in by_document for kind in counts})
        figures[name] = {
            kind: summed(counts[kind] for counts in by_document if kind in counts).to_dict() for kind in known
        } | {"figures by number": pictures.to_dict()}
    return figures


def _pictures(one: Drawn, reading: Reading) -> Counts:
    """Figures of a document; as many are shared as both have on a page."""
    truth = Counter(block.page for block in one.truth.blocks if block.kind == "figure")
    read = Counter({page.number: len(page.figures) for page in reading.pages})
    return Counts((truth & read).total(), truth.total(), read.total())


def _drawn(material: Material, name: str, scanned: bool) -> Figures:
    found: list[tuple[str, Counts]] = []
    for one, reading in _read(material, name, scanned):
        truth = [Heading(block.text, block.level or 0) for block in one.truth.blocks if _is_heading(block.kind)]
        found.append((one.pdf.name, score_headings(truth, _headings(reading))))
    each = {document: counts.f1 for document, counts in found}
    return summed(counts for _, counts in found).to_dict() | {"documents": each}


def _read(material: Material, name: str, scanned: bool) -> Iterator[tuple[Drawn, Reading]]:
    subjects = [one.scan if scanned else one.pdf for one in material.drawn]
    return zip(material.drawn, material.readings.read(subjects, name), strict=True)


def _headings(reading: Reading) -> list[Heading]:
    return [Heading(block.text, block.level or 0) for block in reading.blocks if _is_heading(block.kind)]


def _of_markdown(row: Row, reading: Reading) -> Counts:
    truth = [Heading(found, 0) for found in _HEADING.findall(_markdown(row) or "")]
    return score_headings(truth, [heading._replace(depth=0) for heading in _headings(reading)])


def _markdown(row: Row) -> str | None:
    """The truth as Markdown, where the folder has it beside the other; None elsewhere."""
    path = row.truth.with_suffix(".md") if row.truth else None
    return path.read_text(encoding="utf-8") if path and path.exists() else None


def _is_heading(kind: str) -> bool:
    return kind in ("title", "heading")
