"""An engine that reads, beside a model that sees the layout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quire.engines.base import Engine, EngineInfo, PageReading
from quire.options import ReadOptions
from quire.sources.base import PageImage
from quire.view import Region

if TYPE_CHECKING:
    from quire.layout_models import LayoutModel


class EngineWithLayout:
    """The engine as it is, with the model's weights in what it says of itself: its results depend on both."""

    def __init__(self, engine: Engine, layout: LayoutModel) -> None:
        self._engine = engine
        self._layout = layout

    @property
    def info(self) -> EngineInfo:
        info = self._engine.info
        digests = ".".join(digest[:8] for digest in self._layout.models.values())
        return replace(info, version=f"{info.version}.{digests}", models={**info.models, **self._layout.models})

    @property
    def concurrency(self) -> int:
        return self._engine.concurrency

    def start(self) -> None:
        """Loads the networks of both; see `Engine.start`."""
        self._engine.start()
        self._layout.start()

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        """Reads one page; see `Engine.read`."""
        return self._engine.read(image, options, stop)

    def regions(self, pixels: NDArray[np.uint8]) -> tuple[Region, ...]:
        """What is where on a page (H, W, 3) uint8, BGR, upright; see `LayoutModel.regions`."""
        return self._layout.regions(pixels)

    def around(self, change: Callable[[Engine], Engine]) -> EngineWithLayout:
        """The same model beside a changed engine."""
        return EngineWithLayout(change(self._engine), self._layout)

    def close(self) -> None:
        self._engine.close()
