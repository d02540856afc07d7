"""A page or a figure of it as a picture no larger than asked for, with what was read drawn on it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from quire.document import Page
from quire.errors import InvalidOption, PageDamaged
from quire.exports.original import Original
from quire.exports.overlay import overlay
from quire.exports.pictures import crop, upright
from quire.options import ReadOptions
from quire.pipeline import DEFAULT_DPI

_PAGE = TypeAdapter(Page)


def draw(
    original: Original, number: int, options: ReadOptions, *, max_side_px: int, read: bytes, jpeg_quality: int
) -> bytes:
    """Picture of page `number`, upright, its longer side at most `max_side_px`; never larger than the page itself.

    Args:
        read: JSON of `Page.to_dict()`, whose rotation is taken and whose lines are drawn; empty for the bare page.
        jpeg_quality: 1 to 100, for the bare page as a JPEG; 0 for a PNG, as all else is.

    Raises:
        PageDamaged, TooManyPixels: the page cannot be rendered.
        InvalidOption: `read` is not the JSON of a page.
    """
    if not read:
        pixels = _shrunk(original.pixels(number, options.dpi or DEFAULT_DPI), max_side_px)
        return _jpeg(pixels, jpeg_quality) if jpeg_quality else _png(pixels)
    page = _told(read)
    scale = min(1.0, max_side_px / max(page.width, page.height))
    return overlay(upright(page, original, scale), page, max_side_px=max_side_px)


def cut_out(original: Original, figure_id: str, *, read: bytes) -> bytes:
    """PNG of a figure at the resolution that its page was read at.

    Args:
        read: JSON of the figure's page.

    Raises:
        PageDamaged, TooManyPixels: the page cannot be rendered.
        InvalidOption: `read` is not the JSON of a page with this figure.
    """
    page = _told(read)
    figure = next((figure for figure in page.figures if figure.id == figure_id), None)
    if figure is None:
        raise InvalidOption("there is no such figure on the page: take its id out of the result")
    return crop(upright(page, original), page, figure)


def _told(read: bytes) -> Page:
    try:
        page = _PAGE.validate_json(read)
    except ValidationError as exc:
        raise InvalidOption("option 'overlay': this is not the JSON of a page: take one out of a result") from exc
    if min(page.width, page.height) < 1:
        raise InvalidOption("option 'overlay': the page has no size: take one out of a result")
    return page


def _shrunk(pixels: NDArray[np.uint8], max_side_px: int) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    scale = max_side_px / max(width, height)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    return _encoded(".png", pixels, [])


def _jpeg(pixels: NDArray[np.uint8], quality: int) -> bytes:
    return _encoded(".jpeg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])


def _encoded(suffix: str, pixels: NDArray[np.uint8], settings: list[int]) -> bytes:
    written, picture = cv2.imencode(suffix, pixels, settings)
    if not written:
        raise PageDamaged("the page cannot be drawn: ask for a smaller picture")
    return picture.tobytes()
