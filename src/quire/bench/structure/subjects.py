"""The documents that structure is measured on: those of a folder, and drawn ones in a folder of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2

from quire.bench.drawing.structured import structured_documents
from quire.bench.drawing.structured.scans import scan_pdf
from quire.bench.drawing.structured.truth import StructuredTruth
from quire.bench.manifest import Row
from quire.bench.report import progress


@dataclass(frozen=True, slots=True)
class Subject:
    """A document to be read, and how.

    Attributes:
        forced: whether its pixels alone count, even where it has text.
    """

    name: str
    path: Path
    forced: bool = False

    @property
    def pages(self) -> int:
        """How many a PDF has; 1 for an image, and for what cannot be opened."""
        if self.path.suffix != ".pdf":
            return 1
        try:
            with pypdfium2.PdfDocument(self.path) as document:
                return len(document)
        except pypdfium2.PdfiumError:
            return 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn document, born digital and as a scan, and its truth."""

    truth: StructuredTruth
    pdf: Subject
    scan: Subject


def of_rows(rows: Iterable[Row], *, forced: bool = False) -> list[Subject]:
    """Documents of a folder; where the truth was taken from a text layer, only their pixels count."""
    return [Subject(row.name, row.path, forced or row.truth_quality == "text-layer") for row in rows]


@contextmanager
def drawn_subjects(count: int) -> Iterator[Sequence[Drawn]]:
    """The first `count` drawn documents, as files for as long as the block lasts.

    Raises:
        CapabilityMissing: the extra for the benchmark is not installed.
    """
    with TemporaryDirectory(prefix="quire-drawn-") as folder:
        root, drawn = Path(folder), []
        for document in progress([*structured_documents(count)], "drawing"):
            pdf, scan = root / f"{document.name}.pdf", root / f"{document.name}-scan.pdf"
            pdf.write_bytes(document.pdf)
            scan.write_bytes(scan_pdf(document.pdf, document.seed))
            drawn.append(Drawn(document.truth, Subject(pdf.stem, pdf), Subject(scan.stem, scan)))
        yield drawn
