"""A page's text, read from its image."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.engines.base import Engine, ModelEngine, PageReading
from quire.enhancing import enhance
from quire.geometry import bounds
from quire.imaging.grey import grey_of
from quire.imaging.pictures import find_pictures
from quire.imaging.quality import measure
from quire.imaging.rules import find_rules
from quire.imaging.styles import measure_styles
from quire.options import ReadOptions
from quire.pipeline.seen import DEFAULT_DPI, Seen, with_regions
from quire.sources.base import PageImage, SourcePage
from quire.view import PageView

# Lines lower than this in a rendered page are read again from a rendering with more pixels.
_SMALL_LINE_PX: Final = 14
_COMFORTABLE_LINE_PX: Final = 24
_MAX_DPI: Final = 400.0


def recognised(page: SourcePage, engine: Engine, options: ReadOptions, dpi: float | None) -> Seen:
    """The page's text as the engine reads it, from a rendering that is fine enough.

    Args:
        dpi: resolution to begin with where none was asked for; the usual one when absent.

    Raises:
        PageDamaged, LimitExceeded: the page cannot be rendered.
    """
    start = time.perf_counter()
    image = page.render(options.dpi or dpi or DEFAULT_DPI)
    rendered = time.perf_counter() - start
    reading = engine.read(image, options)
    # A model's lines share their block's height, which says nothing of their letters.
    finer = None if options.dpi or reading.blocks else _finer_dpi(page, image, reading)
    if finer:
        start = time.perf_counter()
        image = page.render(finer)
        rendered += time.perf_counter() - start
        reading = engine.read(image, options)
    return _looked_at(image, replace(reading, timings={"render": rendered} | dict(reading.timings)), engine, options)


def _looked_at(image: PageImage, reading: PageReading, engine: Engine, options: ReadOptions) -> Seen:
    """What was read on an image, from a better one if there is any, with what is drawn on it besides."""
    upright = PageImage(np.ascontiguousarray(np.rot90(image.pixels, -(reading.rotation // 90))), image.dpi)
    start = time.perf_counter()
    grey = grey_of(upright.pixels)
    quality = measure(grey, reading.lines)
    reading = replace(reading, timings=dict(reading.timings) | {"quality": time.perf_counter() - start})
    if reading.blocks:
        # A model that sees the layout itself needs no look at rules and pictures.
        view = PageView(reading.width, reading.height, image.dpi, reading.skew_degrees, reading.lines)
        return Seen(reading, view, from_text_layer=False, quality=quality, image=upright)
    if not isinstance(engine, ModelEngine):  # a model says nothing of its confidence, which enhancing goes by
        reading, quality = enhance(upright, reading, quality, engine, options)
    view = _viewed(upright, grey, reading)
    seen = Seen(reading, view, from_text_layer=False, quality=quality, image=upright)
    return with_regions(seen, upright.pixels, engine)


def _viewed(image: PageImage, grey: NDArray[np.uint8], reading: PageReading) -> PageView:
    return PageView(
        width=reading.width,
        height=reading.height,
        dpi=image.dpi,
        skew_degrees=reading.skew_degrees,
        lines=reading.lines,
        rules=find_rules(grey),
        pictures=find_pictures(image.pixels, reading.lines),
        styles=measure_styles(grey, reading.lines),
        measured=True,
    )


def _finer_dpi(page: SourcePage, image: PageImage, reading: PageReading) -> float | None:
    """The resolution that small text needs; None when the text is high enough or there are no more pixels."""
    natural = page.natural_dpi()
    if image.dpi is None or not reading.lines:
        return None
    boxes = [bounds([line.box]) for line in reading.lines]
    height = float(np.median([min(box.height, box.width) for box in boxes]))
    if height >= _SMALL_LINE_PX:
        return None
    wanted = min(image.dpi * _COMFORTABLE_LINE_PX / max(height, 4.0), natural or _MAX_DPI, _MAX_DPI)
    return wanted if wanted > 1.2 * image.dpi else None
