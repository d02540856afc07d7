"""A page as a PNG no larger than asked for, with what was read drawn on it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from quire.document import Line, Page
from quire.errors import InvalidOption, PageDamaged
from quire.exports.overlay import overlay
from quire.geometry import to_quad
from quire.options import ReadOptions
from quire.pipeline import DEFAULT_DPI
from quire.sources.base import SourcePage

_PAGE = TypeAdapter(Page)


def draw(page: SourcePage, options: ReadOptions, *, max_side_px: int, read: bytes) -> bytes:
    """PNG of the page, upright, its longer side at most `max_side_px`; never larger than the page's own pixels.

    Args:
        read: JSON of `Page.to_dict()`, whose rotation is taken and whose lines are drawn; empty for the bare page.

    Raises:
        PageDamaged, TooManyPixels: the page cannot be rendered.
        InvalidOption: `read` is not the JSON of a page.
    """
    if not read:
        return _png(_shrunk(page.render(options.dpi or DEFAULT_DPI).pixels, max_side_px))
    told = _fitted(_told(read), max_side_px)
    pixels = np.rot90(page.render(told.dpi).pixels, -(told.rotation // 90))
    return overlay(np.ascontiguousarray(pixels), told)


def _told(read: bytes) -> Page:
    try:
        page = _PAGE.validate_json(read)
    except ValidationError as exc:
        raise InvalidOption("option 'overlay': this is not the JSON of a page: take one out of a result") from exc
    if min(page.width, page.height) < 1:
        raise InvalidOption("option 'overlay': the page has no size: take one out of a result")
    return page


def _fitted(page: Page, max_side_px: int) -> Page:
    """The page as a smaller rendering of it would have been read."""
    scale = min(1.0, max_side_px / max(page.width, page.height))
    if scale == 1.0:
        return page
    return replace(
        page,
        width=max(1, round(page.width * scale)),
        height=max(1, round(page.height * scale)),
        dpi=None if page.dpi is None else page.dpi * scale,
        lines=tuple(_scaled(line, scale) for line in page.lines),
    )


def _scaled(line: Line, scale: float) -> Line:
    return replace(line, box=to_quad([(x * scale, y * scale) for x, y in line.box]), words=())


def _shrunk(pixels: NDArray[np.uint8], max_side_px: int) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    scale = max_side_px / max(width, height)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    written, png = cv2.imencode(".png", pixels)
    if not written:
        raise PageDamaged("the page cannot be drawn as a PNG: ask for a smaller picture")
    return png.tobytes()
