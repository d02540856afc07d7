"""Where things are on a page as it lies in its file: inches of a PDF's page, pixels of an image."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from math import floor
from typing import Any, Final

import msgspec

from quire.api.adapters.lean import LeanPage

Json = dict[str, Any]
Polygon = Sequence[float] | msgspec.Raw
"""x and y of four corners, from the text's own top left; may be JSON already."""

_PDF: Final = "application/pdf"
_PARTS: Final = {"inch": 10_000, "pixel": 10}
"""Of a unit, that places are told in."""
_NUMBERS_EACH: Final = 8
_OUTER_ALONE: Final = bytes.maketrans(b"()", b"[]")
_NUMBERS: Final = msgspec.json.Decoder(list[float])


class Place:
    """Measures one page.

    Args:
        mime: of its document.
    """

    def __init__(self, page: LeanPage, mime: str) -> None:
        self._page = page
        self._unit = "inch" if mime == _PDF else "pixel"
        self._scale = 1 / (page.dpi or 1) if mime == _PDF else 1.0
        self._turns = -page.rotation // 90 % 4
        self._parts = _PARTS[self._unit]
        # Whether the file has the very numbers of the page.
        self._exact = self._scale == 1 and not self._turns

    def polygon(self, box: Sequence[Sequence[float]]) -> Polygon:
        return self._scaled(self._turned([*chain.from_iterable(box)]))

    def polygons(self, boxes: Sequence[msgspec.Raw]) -> list[Polygon]:
        """Polygons of boxes that are JSON still: one by one, they would take most of the time."""
        if self._exact and boxes:
            lists = (b"(" + b");(".join(boxes) + b")").translate(_OUTER_ALONE, b"[]").split(b";")
            return [*map(msgspec.Raw, lists)]
        numbers = self._turned(_NUMBERS.decode(b"[%b]" % b",".join(boxes).translate(None, b"[]")))
        columns = [numbers[place::_NUMBERS_EACH] for place in range(_NUMBERS_EACH)]
        # Of upright boxes, each number is there twice.
        firsts = [columns.index(column) for column in columns]
        scaled = {place: self._scaled(columns[place]) for place in {*firsts}}
        return [*zip(*(scaled[place] for place in firsts), strict=True)]

    def region(self, box: Sequence[Sequence[float]]) -> Json:
        return {"pageNumber": self._page.number, "polygon": self.polygon(box)}

    def to_dict(self) -> Json:
        """Size and unit of the page, and how its content is turned: degrees clockwise, -180 to 180."""
        page = self._page
        size = [round(side * self._scale, 4) for side in (page.width, page.height)]
        width, height = size if page.rotation % 180 == 0 else reversed(size)
        angle = (page.skew_degrees - page.rotation + 180) % 360 - 180
        return {
            "pageNumber": page.number,
            "angle": round(angle, 2),
            "width": width,
            "height": height,
            "unit": self._unit,
        }

    def _turned(self, numbers: list[float]) -> list[float]:
        """Any number of points, x and y in turn."""
        width, height = self._page.width, self._page.height
        for _ in range(self._turns):
            numbers = [*chain.from_iterable((height - y, x) for x, y in zip(numbers[::2], numbers[1::2], strict=True))]
            width, height = height, width
        return numbers

    def _scaled(self, numbers: list[float]) -> list[float]:
        if self._exact:
            return numbers
        # Not `round`: on a page of many words it takes most of the time.
        scale, parts = self._scale * self._parts, self._parts
        return [floor(number * scale + 0.5) / parts for number in numbers]
