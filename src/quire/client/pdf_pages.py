"""Pages of PDFs as pictures, for a service that takes nothing else.

The one part of the client that opens documents itself. It does so with the package's own room for that, whose
limits on hostile files hold here too.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import cv2

from quire.errors import PageOutOfRange
from quire.sources import open_source


class Rendered(NamedTuple):
    """A page as a PNG; width and height in pixels."""

    png: bytes
    width: int
    height: int


def rendered(path: str | Path, number: int, dpi: float) -> Rendered:
    """Page `number` (1-based) of a document.

    Raises:
        PageOutOfRange: there is no such page.
        QuireError: the document cannot be opened, or the page not be rendered.
    """
    with open_source(path) as source:
        if not 1 <= number <= source.page_count:
            raise PageOutOfRange(f"there is no page {number}: the document has {source.page_count}")
        image = source.page(number).render(dpi)
    _, png = cv2.imencode(".png", image.pixels)
    return Rendered(png.tobytes(), image.width, image.height)
