"""Pages as small pictures inside the report, with what was read outlined."""

from __future__ import annotations

import base64
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.bench.scored import Scored
from quire.document import Document, Page
from quire.errors import QuireError
from quire.exports.overlay import drawn
from quire.exports.pictures import upright
from quire.limits import DEFAULT_LIMITS
from quire.sources.original import OpenOriginal, open_original

_LONGEST_SIDE_PX: Final = 1100
_QUALITY: Final = 60

_Pixels = NDArray[np.uint8]


class Album:
    """Pictures of pages, at most so many.

    Args:
        most: pictures; a report of more could not be opened.
    """

    def __init__(self, most: int) -> None:
        self._left = most

    def picture(self, scored: Scored, number: int) -> str | None:
        """Data URL of a page's JPEG; None where the page cannot be drawn, or the album is full."""
        if not self._left:
            return None
        try:
            with open_original(scored.row.path, limits=DEFAULT_LIMITS, password=None) as original:
                pixels = _pixels(original, _page(scored.document, number), number)
        except QuireError:
            return None
        self._left -= 1
        _, jpeg = cv2.imencode(".jpeg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        return f"data:image/jpeg;base64,{base64.b64encode(jpeg.tobytes()).decode()}"


def _page(document: Document | None, number: int) -> Page | None:
    return next((page for page in document.pages if page.number == number), None) if document else None


def _pixels(original: OpenOriginal, page: Page | None, number: int) -> _Pixels:
    """Outlined where the page was read, else as its file has it."""
    if page is not None:
        scale = min(1.0, _LONGEST_SIDE_PX / max(page.width, page.height))
        return drawn(upright(page, original, scale), page, max_side_px=_LONGEST_SIDE_PX)
    pixels = original.pixels(number, None)
    scale = min(1.0, _LONGEST_SIDE_PX / max(pixels.shape[:2]))
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
