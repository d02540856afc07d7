"""Pages as pictures: with what was read drawn on them, and the figures cut out of them."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from quire.document import Document, Figure, Page
from quire.errors import InvalidOption
from quire.exports.original import Original, Pixels
from quire.exports.overlay import overlay
from quire.geometry import bounds

_MARGIN: Final = 0.005
"""Of the page's longer side: a figure's thin border lies on its box."""


def to_overlay(document: Document, original: Original) -> bytes:
    """PNG of a document's only page with its blocks, lines and words.

    Raises:
        InvalidOption: the document has several pages, or none.
        QuireError: the page cannot be decoded or rendered.
    """
    if len(document.pages) != 1:
        raise InvalidOption("the format 'overlay' is a picture of one page: choose it with `pages`")
    page = document.pages[0]
    return overlay(upright(page, original), page, words=True)


def upright(page: Page, original: Original, scale: float = 1.0) -> Pixels:
    """The page's pixels as it was turned for the reading, (height, width, 3) uint8 BGR.

    Args:
        scale: of the resolution that it was read at; images keep their own.

    Raises:
        QuireError: the page cannot be decoded or rendered.
    """
    pixels = original.pixels(page.number, None if page.dpi is None else page.dpi * scale)
    return np.ascontiguousarray(np.rot90(pixels, -(page.rotation // 90)))


def crop(image: Pixels, page: Page, figure: Figure) -> bytes:
    """PNG of a figure.

    Args:
        image: the upright page, of any size.
    """
    height, width = image.shape[:2]
    box, margin = bounds([figure.box]), _MARGIN * max(page.width, page.height)
    x_scale, y_scale = width / page.width, height / page.height
    left, right = _span(box.x0 - margin, box.x1 + margin, x_scale, width)
    top, bottom = _span(box.y0 - margin, box.y1 + margin, y_scale, height)
    _, png = cv2.imencode(".png", image[top:bottom, left:right])
    return png.tobytes()


def _span(start: float, end: float, scale: float, size: int) -> tuple[int, int]:
    """Whole pixels inside the image, at least one."""
    first = min(max(0, round(start * scale)), size - 1)
    return first, max(first + 1, min(size, round(end * scale)))
