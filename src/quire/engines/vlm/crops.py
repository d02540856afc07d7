"""Parts of a page's image."""

from __future__ import annotations

import numpy as np

from quire.geometry import Box
from quire.sources.base import PageImage


def cropped(image: PageImage, box: Box) -> PageImage:
    """The part of a page inside a box, given in the page's pixels."""
    rows, columns = _pixels(image, box)
    return PageImage(image.pixels[rows, columns].copy(), image.dpi)


def only(image: PageImage, box: Box) -> PageImage:
    """The page with nothing but what is inside a box, on white."""
    rows, columns = _pixels(image, box)
    pixels = np.full_like(image.pixels, 255)
    pixels[rows, columns] = image.pixels[rows, columns]
    return PageImage(pixels, image.dpi)


def _pixels(image: PageImage, box: Box) -> tuple[slice, slice]:
    """Rows and columns of a box: whole pixels, at least one each way."""
    x0, y0 = (min(max(0, int(value)), size - 1) for value, size in ((box.x0, image.width), (box.y0, image.height)))
    x1, y1 = max(x0 + 1, -int(-box.x1 // 1)), max(y0 + 1, -int(-box.y1 // 1))
    return slice(y0, y1), slice(x0, x1)
