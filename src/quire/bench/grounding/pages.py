"""Drawn pages twice: as they were written, from the PDF's text, and as they are recognised in a scan of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pypdfium2

from quire.bench.drawing.canvas import DrawnPage
from quire.bench.drawing.pdfs import born_digital_pdf, picture_pdf
from quire.bench.drawing.scan import scanned
from quire.bench.drawing.structured import structured_documents
from quire.bench.report import progress
from quire.document import Page
from quire.reader import Reader

_DPI = 150.0


class Twice(NamedTuple):
    """One page in both forms; their pixels are the same."""

    written: Page
    recognised: Page


def dense(reader: Reader, pages: int) -> list[Twice]:
    """Pages of prose, from edge to edge."""
    return _read(reader, [born_digital_pdf(pages)[0]], "reading dense pages")


def structured(reader: Reader, documents: int) -> list[Twice]:
    """Pages with columns, tables, lists and forms."""
    return _read(reader, [document.pdf for document in structured_documents(documents)], "reading structured pages")


def _read(reader: Reader, pdfs: Sequence[bytes], title: str) -> list[Twice]:
    found = []
    for seed, pdf in enumerate(progress(pdfs, title)):
        written, recognised = reader.read(pdf), reader.read(_scan(pdf, seed))
        found += [Twice(*both) for both in zip(written.pages, recognised.pages, strict=True)]
    return found


def _scan(pdf: bytes, seed: int) -> bytes:
    """Straight, so that what was written stays where it is."""
    with pypdfium2.PdfDocument(pdf) as document:
        drawn = [
            DrawnPage(np.ascontiguousarray(page.render(scale=_DPI / 72).to_numpy()[:, :, :3]), (), "en")
            for page in document
        ]
    return picture_pdf([scanned(page, 1000 * seed + number) for number, page in enumerate(drawn)], _DPI)
