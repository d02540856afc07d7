"""One page, from its source to `Page`."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from threading import Event

import numpy as np
from numpy.typing import NDArray

from quire.document import Line, Page, PageFailure, Quality
from quire.engines.base import Engine, PageReading
from quire.engines.stoppable import stoppable
from quire.engines.with_layout import EngineWithLayout
from quire.enhancing import enhance
from quire.errors import EngineFailed, LimitExceeded, PageDamaged, QuireError
from quire.geometry import Box, bounds
from quire.imaging.grey import grey_of
from quire.imaging.pictures import find_pictures
from quire.imaging.quality import measure
from quire.imaging.rules import find_rules
from quire.imaging.styles import measure_styles
from quire.layout import Structure, analyse
from quire.options import OrientationMode, ReadOptions, TextLayerMode
from quire.sources.base import PageImage, Source, SourcePage, TextLayer
from quire.view import LineStyle, PageView

_log = logging.getLogger(__name__)

DEFAULT_DPI = 150.0

# Lines lower than this in a rendered page are read again from a rendering with more pixels.
_SMALL_LINE_PX = 14
_COMFORTABLE_LINE_PX = 24
_MAX_DPI = 400.0
_LINE_HEIGHT_EM = 1.2
# A drawing is taken for one letter now and then: that "line" reaches over the picture's edges.
_INSIDE = 0.8


@dataclass(frozen=True, slots=True)
class _Seen:
    """A page's text, from whichever source, and what layout may know of the page."""

    reading: PageReading
    view: PageView
    from_text_layer: bool
    quality: Quality | None = None


def read_or_fail(
    source: Source, number: int, engine: Engine, options: ReadOptions, stop: Event | None = None
) -> Page | PageFailure:
    """Reads page `number`; what says nothing about the document's other pages comes back as a failure.

    Args:
        stop: as in `Engine.read`.

    Raises:
        OptionError, EngineError: no page of the document can be read as it was asked for.
        Cancelled: the document was closed, or `stop` was set.
    """
    try:
        return read_page(source.page(number), stoppable(engine, stop), options, _bookmarks(source, number))
    except (PageDamaged, LimitExceeded, EngineFailed) as exc:
        return PageFailure(number, exc.code, exc.detail)
    except QuireError:
        raise
    except Exception:  # noqa: BLE001 - one page's bug must not take the others along
        _log.exception("page %d failed", number)
        return PageFailure(number, "internal_error", "the page could not be read: the log says why")


def _bookmarks(source: Source, number: int) -> tuple[tuple[str, int], ...]:
    return tuple((entry.title, entry.level) for entry in source.metadata.outline if entry.page == number)


def read_page(
    page: SourcePage, engine: Engine, options: ReadOptions, bookmarks: tuple[tuple[str, int], ...] = ()
) -> Page:
    """Reads one page.

    Args:
        bookmarks: titles of the document's outline that lead to this page, with their level from 1.

    Raises:
        PageDamaged: the page cannot be decoded.
        LimitExceeded: its image is larger than allowed.
        OptionError: the engine does not know the language.
    """
    start = time.perf_counter()
    # Layout needs the words even when the caller does not.
    full = options.model_copy(update={"words": True})
    seen = _blank(page, full) or _text_layer(page, engine, full) or _recognised(page, engine, full)
    laid_out = time.perf_counter()
    reading = seen.reading
    if reading.blocks:
        figures = tuple(replace(figure, id=f"p{page.number}-{figure.id}") for figure in reading.figures)
        structure = Structure(reading.lines, reading.blocks, reading.tables, figures)
    else:
        structure = analyse(replace(seen.view, bookmarks=bookmarks), page.number)
    done = time.perf_counter()
    return Page(
        number=page.number,
        width=reading.width,
        height=reading.height,
        dpi=seen.view.dpi,
        rotation=reading.rotation,
        skew_degrees=reading.skew_degrees,
        source="text_layer" if seen.from_text_layer else "ocr",
        engine="pdfium" if seen.from_text_layer else engine.info.name,
        language=reading.language,
        lines=structure.lines if options.words else tuple(replace(line, words=()) for line in structure.lines),
        blocks=structure.blocks,
        warnings=reading.warnings,
        timings=dict(reading.timings) | {"layout": done - laid_out, "total": done - start},
        tables=structure.tables,
        figures=structure.figures,
        links=seen.view.links,
        quality=seen.quality,
        grounding=reading.grounding,
    )


def _blank(page: SourcePage, options: ReadOptions) -> _Seen | None:
    """A page on which nothing is drawn, without rendering it; None for every other page."""
    raster = page.blank(options.dpi or DEFAULT_DPI)
    if raster is None:
        return None
    reading = PageReading(raster.width, raster.height, 0, 0.0, options.language, ())
    return _Seen(reading, PageView(raster.width, raster.height, raster.dpi, 0.0, ()), from_text_layer=False)


def _text_layer(page: SourcePage, engine: Engine, options: ReadOptions) -> _Seen | None:
    """The page's own text, with its pictures recognised; None when it has none that may be used."""
    if options.text_layer is TextLayerMode.NEVER:
        return None
    dpi = options.dpi or DEFAULT_DPI
    start = time.perf_counter()
    layer = page.text_layer(dpi)
    if layer is None or (layer.doubt and options.text_layer is TextLayerMode.AUTO):
        return None
    width, height, dpi = layer.raster
    reading = PageReading(
        width=width,
        height=height,
        rotation=0,
        skew_degrees=0.0,
        language=options.language,
        lines=layer.lines,
        warnings=(f"text layer: {layer.doubt}",) if layer.doubt else (),
        timings={"text_layer": time.perf_counter() - start},
    )
    if not layer.pictures and not isinstance(engine, EngineWithLayout):
        return _Seen(reading, _described(layer, reading), from_text_layer=True)
    image = page.render(dpi)
    if layer.pictures:
        reading = _with_pictures(reading, layer, image, engine, options)
    return _with_regions(_Seen(reading, _described(layer, reading), from_text_layer=True), image.pixels, engine)


def _described(layer: TextLayer, reading: PageReading) -> PageView:
    """What the PDF says of the page; lines recognised in its pictures are as large as they look."""
    added = reading.lines[len(layer.lines) :]
    return PageView(
        width=layer.raster.width,
        height=layer.raster.height,
        dpi=layer.raster.dpi,
        skew_degrees=0.0,
        lines=reading.lines,
        styles=layer.styles + tuple(LineStyle(_size_px(line)) for line in added),
        rules=layer.rules,
        pictures=layer.images,
        links=layer.links,
    )


def _size_px(line: Line) -> float:
    """The em square of a recognised line, whose box reaches from its ascenders to its descenders."""
    box = bounds([line.box])
    return round(min(box.width, box.height) / _LINE_HEIGHT_EM, 1)


def _with_pictures(
    reading: PageReading, layer: TextLayer, image: PageImage, engine: Engine, options: ReadOptions
) -> PageReading:
    """The reading, with the text inside the page's pictures added."""
    upright = options.model_copy(update={"orientation": OrientationMode.NEVER})
    inside = engine.read(PageImage(_only(image, layer.pictures), image.dpi), upright)
    found = [line for line in inside.lines if _share_in(line, layer.pictures) > _INSIDE]
    added = tuple(line for line in found if not _covered(line, reading.lines))
    return replace(
        reading,
        lines=reading.lines + added,
        warnings=reading.warnings + inside.warnings,
        timings=dict(reading.timings) | dict(inside.timings),
    )


def _only(image: PageImage, areas: tuple[Box, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The image's pixels inside the areas, on white."""
    pixels = np.full_like(image.pixels, 255)
    for area in areas:
        rows = slice(max(0, int(area.y0)), max(0, int(area.y1)))
        columns = slice(max(0, int(area.x0)), max(0, int(area.x1)))
        pixels[rows, columns] = image.pixels[rows, columns]
    return pixels


def _share_in(line: Line, pictures: tuple[Box, ...]) -> float:
    """Share of a line that lies in the picture which holds most of it."""
    box = bounds([line.box])
    return max(box.intersection(picture) for picture in pictures) / max(box.area, 1.0)


def _covered(line: Line, lines: tuple[Line, ...]) -> bool:
    """Whether the text layer already has text where this line was recognised."""
    box = bounds([line.box])
    return any(box.intersection(bounds([other.box])) > 0.5 * box.area for other in lines)


def _recognised(page: SourcePage, engine: Engine, options: ReadOptions) -> _Seen:
    start = time.perf_counter()
    image = page.render(options.dpi or engine.info.dpi or DEFAULT_DPI)
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


def _looked_at(image: PageImage, reading: PageReading, engine: Engine, options: ReadOptions) -> _Seen:
    """What was read on an image, from a better one if there is any, with what is drawn on it besides."""
    upright = np.ascontiguousarray(np.rot90(image.pixels, -(reading.rotation // 90)))
    start = time.perf_counter()
    grey = grey_of(upright)
    quality = measure(grey, reading.lines)
    reading = replace(reading, timings=dict(reading.timings) | {"quality": time.perf_counter() - start})
    if reading.blocks:
        # A model that sees the layout itself needs no look at rules and pictures, and says nothing of its confidence,
        # which enhancing goes by.
        view = PageView(reading.width, reading.height, image.dpi, reading.skew_degrees, reading.lines)
        return _Seen(reading, view, from_text_layer=False, quality=quality)
    reading, quality = enhance(PageImage(upright, image.dpi), reading, quality, engine, options)
    seen = _Seen(reading, _viewed(PageImage(upright, image.dpi), grey, reading), from_text_layer=False, quality=quality)
    return _with_regions(seen, upright, engine)


def _with_regions(seen: _Seen, upright: NDArray[np.uint8], engine: Engine) -> _Seen:
    """What was seen, with what the engine's layout model makes of the page's image, if it has one."""
    if not isinstance(engine, EngineWithLayout):
        return seen
    start = time.perf_counter()
    view = replace(seen.view, regions=engine.regions(upright))
    timings = dict(seen.reading.timings) | {"layout_model": time.perf_counter() - start}
    return replace(seen, view=view, reading=replace(seen.reading, timings=timings))


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
