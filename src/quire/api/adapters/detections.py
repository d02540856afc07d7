"""Lines with their boxes, as the queue-style service gives them: in pixels of the page as it lies in its file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from quire.geometry import Quad, rotate_quad, to_quad

_PDF: Final = "application/pdf"
_DPI: Final = 144.0


def detections(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`{"text", "box", "confidence", "page_number"}` of each line, pages and lines in order.

    A box is TL-TR-BR-BL of the text: pixels of a PDF's page at 144 dpi, twice its points, and of an image itself; a
    page that was turned upright to be read is turned back. It begins and ends where the line's words do, which is at
    their ink.

    Args:
        document: `Document.to_dict()`.
    """
    is_pdf = document["mime"] == _PDF
    return [found for page in document["pages"] for found in _of_page(page, is_pdf=is_pdf)]


def _of_page(page: Mapping[str, Any], *, is_pdf: bool) -> Iterator[dict[str, Any]]:
    scale = _DPI / page["dpi"] if is_pdf else 1.0
    back = -page["rotation"] // 90
    for line in page["lines"]:
        quad = rotate_quad(_from_word_to_word(line), back, page["width"], page["height"])
        yield {
            "text": line["text"],
            "box": to_quad([(x * scale, y * scale) for x, y in quad]),
            "confidence": line["confidence"],
            "page_number": page["number"],
        }


def _from_word_to_word(line: Mapping[str, Any]) -> Quad:
    """The line's box, cut along the line to where its words begin and end."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = line["box"]
    length = math.hypot(bx - ax, by - ay)
    if not line["words"] or not length:
        return to_quad(line["box"])
    ux, uy = (bx - ax) / length, (by - ay) / length
    # The first and the last reach furthest, whichever way the text runs.
    ends = (line["words"][0], line["words"][-1])
    along = [(x - ax) * ux + (y - ay) * uy for word in ends for x, y in word["box"]]
    start, end = max(0.0, min(along)), min(length, max(along)) - length
    return (
        (ax + start * ux, ay + start * uy),
        (bx + end * ux, by + end * uy),
        (cx + end * ux, cy + end * uy),
        (dx + start * ux, dy + start * uy),
    )
