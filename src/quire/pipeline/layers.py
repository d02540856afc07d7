"""A PDF page's own text."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Final

import numpy as np

from quire.document import Line
from quire.engines.base import Engine, PageReading
from quire.engines.with_layout import EngineWithLayout
from quire.geometry import Box, bounds
from quire.imaging.styles import measure_styles
from quire.options import OrientationMode, ReadOptions, TextLayerMode
from quire.pipeline.seen import DEFAULT_DPI, Seen, with_regions
from quire.sources.base import PageImage, SourcePage, TextLayer
from quire.view import LineStyle, PageView

_LINE_HEIGHT_EM: Final = 1.2

# A drawing is taken for one letter now and then: that "line" reaches over the picture's edges.
_INSIDE: Final = 0.8


def text_layer(page: SourcePage, engine: Engine, options: ReadOptions) -> Seen | None:
    """The page's own text, with its pictures recognised; None when it has none that may be used.

    A caller who names a model's way of asking wants the model's answer, unless the text layer is named as well.

    Args:
        engine: one that gives words boxes of their own.
    """
    if options.text_layer is TextLayerMode.NEVER:
        return None
    if options.mode is not None and options.text_layer is TextLayerMode.AUTO:
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
        return Seen(reading, _described(layer, reading, ()), from_text_layer=True)
    image = page.render(dpi)
    if layer.pictures:
        reading = _with_pictures(reading, layer, image, engine, options)
    added = _styles(image, reading.lines[len(layer.lines) :])
    return with_regions(Seen(reading, _described(layer, reading, added), from_text_layer=True), image.pixels, engine)


def _described(layer: TextLayer, reading: PageReading, added: tuple[LineStyle, ...]) -> PageView:
    """What the PDF says of the page.

    Args:
        added: styles of the lines that were recognised in its pictures.
    """
    return PageView(
        width=layer.raster.width,
        height=layer.raster.height,
        dpi=layer.raster.dpi,
        skew_degrees=0.0,
        lines=reading.lines,
        styles=layer.styles + added,
        rules=layer.rules,
        pictures=layer.images,
        links=layer.links,
    )


def _styles(image: PageImage, lines: tuple[Line, ...]) -> tuple[LineStyle, ...]:
    """Lines recognised in pictures are as large as they look."""
    measured = measure_styles(image.pixels, lines)
    return tuple(LineStyle(_size_px(line), ink=style.ink) for line, style in zip(lines, measured, strict=True))


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
