"""Where things are on a page as it lies in its file: inches of a PDF's page, pixels of an image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from math import floor
from typing import Any, Final

from quire.geometry import rotate_quad, to_quad

Json = dict[str, Any]

_PDF: Final = "application/pdf"
_PARTS: Final = 10_000
"""Of an inch, that places are told in."""


class Place:
    """Measures one page.

    Args:
        page: `Page.to_dict()`.
        mime: of its document.
    """

    def __init__(self, page: Mapping[str, Any], mime: str) -> None:
        self._page = page
        self._scale = 1 / page["dpi"] if mime == _PDF else 1.0
        self._turns = -page["rotation"] // 90
        self._unit = "inch" if mime == _PDF else "pixel"

    def polygon(self, box: Sequence[Sequence[float]]) -> list[float]:
        """x and y of the four corners, from the text's own top left."""
        if self._turns:
            box = to_quad(rotate_quad(to_quad(box), self._turns, self._page["width"], self._page["height"]))
        if self._scale == 1:
            return [*chain.from_iterable(box)]
        # Not `round`: on a page of many words it takes most of the time.
        scale = self._scale * _PARTS
        return [floor(value * scale + 0.5) / _PARTS for point in box for value in point]

    def region(self, box: Sequence[Sequence[float]]) -> Json:
        return {"pageNumber": self._page["number"], "polygon": self.polygon(box)}

    def to_dict(self) -> Json:
        """Size and unit of the page, and how its content is turned: degrees clockwise, -180 to 180."""
        page = self._page
        size = [round(page[name] * self._scale, 4) for name in ("width", "height")]
        width, height = size if page["rotation"] % 180 == 0 else reversed(size)
        angle = (page["skew_degrees"] - page["rotation"] + 180) % 360 - 180
        return {
            "pageNumber": page["number"],
            "angle": round(angle, 2),
            "width": width,
            "height": height,
            "unit": self._unit,
        }
