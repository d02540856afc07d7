"""Quire itself: a page image goes the way of any page, through the engine and the layout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quire.engines.base import Engine
from quire.options import ReadOptions
from quire.pipeline import read_page
from quire.sources.base import PageImage


@dataclass(slots=True)
class _ImagePage:
    """A page that is an image in memory."""

    image: PageImage
    number: int = 1

    def text_layer(self, dpi: float) -> None:
        return None

    def blank(self, dpi: float | None) -> None:
        return None

    def natural_dpi(self) -> None:
        return None

    def render(self, dpi: float | None) -> PageImage:
        return self.image


class Quire:
    """The default engine with its own threads and default options.

    Args:
        engine: one to use in its place, not started.
    """

    in_process = True
    concurrency = 1

    def __init__(self, engine: Engine | None = None) -> None:
        self._options = ReadOptions()
        self._engine = engine

    def start(self) -> None:
        """Loads and warms up the engine."""
        self._own_engine().start()
        self.concurrency = self._own_engine().concurrency

    def read(self, image: NDArray[np.uint8]) -> str:
        """The page's text in reading order."""
        return read_page(_ImagePage(PageImage(image, None)), self._own_engine(), self._options).text

    def close(self) -> None:
        self._own_engine().close()

    def _own_engine(self) -> Engine:
        if self._engine is None:
            from quire.engines.registry import create

            self._engine = create(self._options.engine)
        return self._engine
