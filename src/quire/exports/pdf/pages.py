"""Pages of a PDF as it came: how they lie, and invisible text put under what they show."""

from __future__ import annotations

import math
from typing import Any, Final

import pikepdf
from pikepdf import Dictionary, Pdf

from quire.document import Page
from quire.exports.pdf.former import Cleaner, copied
from quire.exports.pdf.geometry import Frame
from quire.exports.pdf.glyphless import GlyphlessFont
from quire.exports.pdf.invisible import invisible_text

_MOST_ANCESTORS: Final = 50
_LETTER: Final = (0.0, 0.0, 612.0, 792.0)
_FONT: Final = "QuireText"


class TextWriter:
    """Adds invisible text to the pages of one PDF; call `finish` after the last."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._font = GlyphlessFont()
        self._cleaner = Cleaner(pdf)
        self._waiting: list[Dictionary] = []

    def add(self, page: pikepdf.Page, read: Page) -> None:
        """Puts what was read on the page before its own content, which then cannot move it."""
        matrix = frame_of(page).from_pixels(read.width, read.height, read.rotation)
        content = invisible_text(read, matrix, self._font, _FONT)
        if not content and read.source != "ocr":
            return
        resources = _own_resources(page)
        if read.source == "ocr":
            self._cleaner.clean(page, resources)
        if content:
            page.contents_add(content, prepend=True)
            self._waiting.append(resources)

    def finish(self) -> None:
        """Gives the pages their font, now that all characters are known."""
        if not self._waiting:
            return
        font = self._font.add_to(self._pdf)
        for resources in self._waiting:
            known = resources.get("/Font")
            own = copied(known) if isinstance(known, Dictionary) else Dictionary()
            own[f"/{_FONT}"] = font
            resources["/Font"] = own


def frame_of(page: pikepdf.Page) -> Frame:
    """How the page lies, by the rules by which PDFium draws it."""
    media = _box(_inherited(page, "/MediaBox")) or _LETTER
    crop = _box(_inherited(page, "/CropBox"))
    left, bottom, right, top = _within(crop, media) if crop else media
    return Frame(left, bottom, right, top, _rotation(_inherited(page, "/Rotate")))


def _own_resources(page: pikepdf.Page) -> Dictionary:
    """The page's resources, as a dictionary that no other page shares."""
    found = _inherited(page, "/Resources")
    own = copied(found) if isinstance(found, Dictionary) else Dictionary()
    page.obj.Resources = own
    return own


def _inherited(page: pikepdf.Page, key: str) -> Any:
    node: Any = page.obj
    for _ in range(_MOST_ANCESTORS):
        if not isinstance(node, Dictionary):
            break
        if key in node:
            return node[key]
        node = node.get("/Parent")
    return None


def _box(value: Any) -> tuple[float, float, float, float] | None:
    """A rectangle with its corners in order; None where there is none with an area."""
    try:
        x0, y0, x1, y1 = (float(number) for number in value)
    except (TypeError, ValueError):
        return None
    box = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
    return box if all(map(math.isfinite, box)) and box[2] > box[0] and box[3] > box[1] else None


def _within(box: tuple[float, ...], outer: tuple[float, ...]) -> tuple[float, float, float, float]:
    left, bottom = max(box[0], outer[0]), max(box[1], outer[1])
    right, top = min(box[2], outer[2]), min(box[3], outer[3])
    return (left, bottom, max(right, left + 0.01), max(top, bottom + 0.01))


def _rotation(value: Any) -> int:
    try:
        return int(value) // 90 % 4 * 90
    except (TypeError, ValueError):
        return 0
