"""Lines with their boxes, as the queue-style service gives them: in pixels of the page as it lies in its file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from quire.api.adapters.lean import LeanDocument, LeanPage
from quire.geometry import rotate_quad, to_quad

_PDF: Final = "application/pdf"
_DPI: Final = 144.0


def detections(document: LeanDocument) -> list[dict[str, Any]]:
    """`{"text", "box", "confidence", "page_number"}` of each line, pages and lines in order.

    A box is TL-TR-BR-BL of the text: pixels of a PDF's page at 144 dpi, twice its points, and of an image itself; a
    page that was turned upright to be read is turned back. It is where the line's ink is, as far as that is known.
    """
    is_pdf = document.mime == _PDF
    return [found for page in document.pages for found in _of_page(page, is_pdf=is_pdf)]


def _of_page(page: LeanPage, *, is_pdf: bool) -> Iterator[dict[str, Any]]:
    scale = _DPI / (page.dpi or _DPI) if is_pdf else 1.0
    back = -page.rotation // 90
    for line in page.lines:
        quad = rotate_quad(line.ink or line.box, back, page.width, page.height)
        yield {
            "text": line.text,
            "box": to_quad([(x * scale, y * scale) for x, y in quad]),
            "confidence": line.confidence,
            "page_number": page.number,
        }
