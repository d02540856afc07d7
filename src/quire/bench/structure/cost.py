"""What structure costs: layout and export as a share of a recognised page's time, and the measures of quality."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import fmean, median
from typing import Final

from quire.bench.manifest import Row
from quire.bench.structure.material import Figures, Material, is_image
from quire.bench.structure.readings import Reading
from quire.bench.structure.subjects import of_rows
from quire.document import Document
from quire.exports.json import to_json
from quire.exports.markdown import to_markdown
from quire.imaging.quality import measure
from quire.layout import refine
from quire.sources import open_source

_EXPORTS: Final[dict[str, Callable[[Document], object]]] = {"markdown": to_markdown, "json": to_json}
_QUALITY_PAGES: Final = 20


def measure_cost(material: Material) -> Figures:
    """Seconds a page that was recognised: in all, in layout, in the document-wide look, in each export."""
    material.readings.read(of_rows(_images(material)), "cost")
    recognised = [reading for reading in material.readings.all if _is_recognised(reading)]
    pages = [page for reading in recognised for page in reading.pages]
    documents = [reading.document for reading in recognised if reading.document]
    page_s = fmean(page.timings["total"] for page in pages)
    layout_s = fmean(page.timings["layout"] for page in pages)
    refine_s = _timed(refine, documents) / len(pages)
    exports_s = {name: _timed(render, documents) / len(pages) for name, render in _EXPORTS.items()}
    return {
        "pages": len(pages),
        "page_s": page_s,
        "layout_s": layout_s,
        "refine_s": refine_s,
        "exports_s": exports_s,
        "share": (layout_s + refine_s + sum(exports_s.values())) / (page_s + refine_s + sum(exports_s.values())),
        "quality_s": _quality_s(material),
    }


def _images(material: Material) -> list[Row]:
    return [row for row in material.of_kind("pages", "layout") if is_image(row)][:_QUALITY_PAGES]


def _is_recognised(reading: Reading) -> bool:
    return bool(reading.pages) and all(page.source == "ocr" and "layout" in page.timings for page in reading.pages)


def _timed(work: Callable[[Document], object], documents: list[Document]) -> float:
    started = time.perf_counter()
    for document in documents:
        work(document)
    return time.perf_counter() - started


def _quality_s(material: Material) -> float:
    """Median over page images, lines given as they were read."""
    times = []
    for reading in material.readings.read(of_rows(_images(material)), "quality"):
        with open_source(reading.subject.path) as source:
            pixels = source.page(1).render(None).pixels
        lines = reading.pages[0].lines if reading.pages else ()
        started = time.perf_counter()
        measure(pixels, lines)
        times.append(time.perf_counter() - started)
    return median(times)
