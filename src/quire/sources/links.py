"""Links of a PDF page to addresses on the web: what a reader could click on, and nothing that runs."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import pypdfium2.raw as raw

from quire.document import Link
from quire.sources.base import Raster
from quire.sources.pdf_frame import PageFrame
from quire.sources.pdfium import Handle

_MAX_LINKS: Final = 2_000
_MAX_QUADS: Final = 50
_MAX_URL_BYTES: Final = 4_000
_ALLOWED: Final = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20\x7f-\x9f<>\"]+", re.IGNORECASE)

Target = tuple[str, tuple[float, float, float, float]]
"""An address and left, top, right, bottom in PDF points."""


def read_links(document: Handle, page: Handle) -> tuple[Target, ...]:
    """Link annotations to http, https and mailto addresses, one area a line of text, at most 2,000.

    The lock is held.
    """
    found: list[Target] = []
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    for _ in range(_MAX_LINKS):
        if not raw.FPDFLink_Enumerate(page, position, link):
            break
        url = _url(document, link)
        if url:
            found += [(url, rect) for rect in _rects(link)]
    return tuple(found[:_MAX_LINKS])


def _url(document: Handle, link: Handle) -> str | None:
    action = raw.FPDFLink_GetAction(link)
    if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
        return None
    size_bytes = raw.FPDFAction_GetURIPath(document, action, None, 0)
    if not 0 < size_bytes <= _MAX_URL_BYTES:
        return None
    buffer = ctypes.create_string_buffer(size_bytes)
    raw.FPDFAction_GetURIPath(document, action, buffer, size_bytes)
    url = buffer.value.decode("utf-8", "replace").strip()
    return url if _ALLOWED.fullmatch(url) else None


def _rects(link: Handle) -> Iterator[tuple[float, float, float, float]]:
    """The lines that a link covers where it says so, else its one rectangle."""
    count = min(raw.FPDFLink_CountQuadPoints(link), _MAX_QUADS)
    quad, rect = raw.FS_QUADPOINTSF(), raw.FS_RECTF()
    for index in range(count):
        if raw.FPDFLink_GetQuadPoints(link, index, quad):
            xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            yield min(xs), max(ys), max(xs), min(ys)
    if count < 1 and raw.FPDFLink_GetAnnotRect(link, rect):
        yield rect.left, rect.top, rect.right, rect.bottom


def place_links(targets: tuple[Target, ...], frame: PageFrame, raster: Raster) -> tuple[Link, ...]:
    """The links that lie on the page, in pixels of `raster`."""
    boxes = frame.boxes(np.array([rect for _, rect in targets], np.float32).reshape(-1, 4), raster)
    return tuple(Link(url, box.quad) for (url, _), box in zip(targets, boxes, strict=True) if box.area > 0)
