"""What is known of a page before its layout."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.document import Quality
from quire.engines.base import Engine, PageReading
from quire.engines.with_layout import EngineWithLayout
from quire.options import ReadOptions
from quire.sources.base import PageImage, SourcePage
from quire.view import PageView

DEFAULT_DPI: Final = 150.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A page's text, from whichever source, and what layout may know of the page.

    Attributes:
        image: the page as it stands upright; None where it was not looked at, or only beside its own text.
    """

    reading: PageReading
    view: PageView
    from_text_layer: bool
    quality: Quality | None = None
    image: PageImage | None = None


def blank(page: SourcePage, options: ReadOptions) -> Seen | None:
    """A page on which nothing is drawn, without rendering it; None for every other page."""
    raster = page.blank(options.dpi or DEFAULT_DPI)
    if raster is None:
        return None
    reading = PageReading(raster.width, raster.height, 0, 0.0, options.language, ())
    return Seen(reading, PageView(raster.width, raster.height, raster.dpi, 0.0, ()), from_text_layer=False)


def with_regions(seen: Seen, upright: NDArray[np.uint8], engine: Engine) -> Seen:
    """What was seen, with what the engine's layout model makes of the page's image, if it has one."""
    if not isinstance(engine, EngineWithLayout):
        return seen
    start = time.perf_counter()
    view = replace(seen.view, regions=engine.regions(upright))
    timings = dict(seen.reading.timings) | {"layout_model": time.perf_counter() - start}
    return replace(seen, view=view, reading=replace(seen.reading, timings=timings))
