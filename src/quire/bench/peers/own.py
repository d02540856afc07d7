"""Quire itself: a page image goes the way of any page, through the engine and the layout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quire.engines.base import Engine
from quire.options import ReadOptions
from quire.sources.base import PageImage, TextLayer


@dataclass(frozen=True, slots=True)
class ImagePage:
    """A source page that is only an image in memory."""

    image: PageImage
    number: int = 1
    fixed_size: bool = True

    def size_px(self, dpi: float) -> tuple[int, int]:
        return self.image.width, self.image.height

    def text_layer(self, dpi: float) -> TextLayer | None:
        return None

    def natural_dpi(self) -> float | None:
        return self.image.dpi

    def render(self, dpi: float | None) -> PageImage:
        return self.image


class Quire:
    """The default engine with its own threads.

    Args:
        language: the option of that name.
    """

    in_process = True
    concurrency = 1

    def __init__(self, language: str, engine: Engine | None = None) -> None:
        self._options = ReadOptions.of(language=language)
        self._engine = engine

    def start(self) -> None:
        """Loads and warms up the engine."""
        if self._engine is None:
            from quire.engines.registry import create

            self._engine = create(self._options.engine)
        self._engine.start()
        self.concurrency = self._engine.concurrency

    def read(self, image: NDArray[np.uint8]) -> str:
        """The page's text in reading order."""
        from quire.pipeline import read_page

        if self._engine is None:
            raise RuntimeError("start() comes before read()")
        return read_page(ImagePage(PageImage(image, None)), self._engine, self._options).text

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
