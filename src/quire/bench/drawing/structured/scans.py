"""A PDF as a scanner gives it back: pictures of its pages, a little askew and grainy."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import pypdfium2

from quire.bench.drawing.canvas import DrawnPage
from quire.bench.drawing.pdfs import picture_pdf
from quire.bench.drawing.scan import scanned

_DPI: Final = 150.0
_MOST_SKEW_DEGREES: Final = 1.0


def scan_pdf(pdf: bytes, seed: int) -> bytes:
    """The PDF's pages as pictures at 150 dpi; tilt, paper and grain of each follow the seed.

    Raises:
        CapabilityMissing: the extra for the benchmark is not installed.
    """
    random = np.random.default_rng(seed)
    pages = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document):
            pixels = np.ascontiguousarray(page.render(scale=_DPI / 72, rev_byteorder=False).to_numpy()[:, :, :3])
            tilted = _tilted(pixels, random.uniform(-_MOST_SKEW_DEGREES, _MOST_SKEW_DEGREES))
            pages.append(scanned(DrawnPage(tilted, (), "en"), 1000 * seed + number))
            page.close()
    return picture_pdf(pages, _DPI)


def _tilted(pixels: np.ndarray, degrees: float) -> np.ndarray:
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(pixels, turn, (width, height), borderValue=(255, 255, 255)), np.uint8)
