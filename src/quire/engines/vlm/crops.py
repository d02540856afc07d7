"""Parts of a page's image."""

from __future__ import annotations

from quire.geometry import Box
from quire.sources.base import PageImage


def cropped(image: PageImage, box: Box) -> PageImage:
    """The part of a page inside a box, given in the page's pixels: whole pixels, at least one."""
    x0, y0 = (min(max(0, int(value)), size - 1) for value, size in ((box.x0, image.width), (box.y0, image.height)))
    x1, y1 = max(x0 + 1, -int(-box.x1 // 1)), max(y0 + 1, -int(-box.y1 // 1))
    return PageImage(image.pixels[y0:y1, x0:x1].copy(), image.dpi)
