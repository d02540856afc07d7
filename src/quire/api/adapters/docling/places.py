"""Where things are on a page of a DoclingDocument: points of a PDF or pixels of an image, from the bottom left."""

from __future__ import annotations

from typing import Any, Final

from quire.document import Page
from quire.geometry import Quad, bounds

Json = dict[str, Any]

_PDF: Final = "application/pdf"
POINTS: Final = 72.0
"""In an inch."""


class Places:
    """Measures one page.

    Args:
        mime: of its document.
    """

    def __init__(self, page: Page, mime: str) -> None:
        self._page = page
        self._scale = POINTS / page.dpi if mime == _PDF and page.dpi else 1.0

    def size(self) -> Json:
        """Of the page itself."""
        return {"width": self._page.width * self._scale, "height": self._page.height * self._scale}

    def box(self, quad: Quad) -> Json:
        """Its edges, measured upwards from the bottom."""
        box, height = bounds([quad]), self._page.height
        edges = {"l": box.x0, "t": height - box.y0, "r": box.x1, "b": height - box.y1}
        return {name: round(edge * self._scale, 3) for name, edge in edges.items()} | {"coord_origin": "BOTTOMLEFT"}

    def prov(self, quad: Quad, text: str) -> Json:
        """Where an item with this text comes from."""
        return {"page_no": self._page.number, "bbox": self.box(quad), "charspan": [0, len(text)]}

    def around(self, lines: tuple[int, ...], otherwise: Quad) -> Quad:
        """The quad around lines of the page."""
        return bounds([self._page.lines[index].box for index in lines]).quad if lines else otherwise
