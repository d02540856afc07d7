"""The shape of an opened document, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from quire.document import Line, Link, Metadata
from quire.geometry import Box
from quire.view import LineStyle, Rule


@dataclass(frozen=True, slots=True)
class PageImage:
    """Pixels of one page, as wide as they are high.

    Attributes:
        pixels: (height, width, 3) uint8, BGR (OpenCV's order), C-contiguous.
        dpi: pixels per inch; None where the file does not say.
    """

    pixels: NDArray[np.uint8]
    dpi: float | None

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


class Raster(NamedTuple):
    """Size of a rendered page, pixels, and the dpi that it was rendered at."""

    width: int
    height: int
    dpi: float


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The text that a PDF page carries itself, and what else it shows.

    Attributes:
        raster: the rendering whose pixels boxes are in.
        lines: in the page's own order, with words; pixels of the page rendered at the dpi it was asked for.
        pictures: areas, same pixels, whose text the layer does not hold: images, filled form fields, stamps.
        doubt: why the text should not be trusted (a sentence), or None when it is sane.
        styles: how each line is set, one a line.
        rules: ruling lines: strokes, thin bars, and edges of filled cells.
        images: areas of all images, whether or not they need recognising, and of drawings.
        links: to http, https and mailto addresses.
    """

    raster: Raster
    lines: tuple[Line, ...]
    pictures: tuple[Box, ...]
    doubt: str | None
    styles: tuple[LineStyle, ...]
    rules: tuple[Rule, ...]
    images: tuple[Box, ...]
    links: tuple[Link, ...]


class SourcePage(Protocol):
    """One page of an opened document."""

    number: int

    def text_layer(self, dpi: float) -> TextLayer | None:
        """The page's own text in pixels at `dpi`; None for an image, or a page without any text."""
        ...

    def blank(self, dpi: float | None) -> Raster | None:
        """What `render(dpi)` would give of a page on which nothing is drawn; None for every other page."""
        ...

    def natural_dpi(self) -> float | None:
        """Resolution of the scan when one image fills the page, of the file for an image; else None."""
        ...

    def render(self, dpi: float | None) -> PageImage:
        """The page upright as its file says (EXIF, /Rotate), at `dpi`, which an image file ignores.

        An image whose resolutions differ, as a fax's do, is stretched along the coarser one.

        A page too large for the pixel limit is rendered smaller, the dpi of the result says how.

        Raises:
            PageDamaged: it cannot be decoded.
            TooManyPixels: an image's header claims more than the limit, once stretched.
        """
        ...


class Source(Protocol):
    """An opened document. Pages may be asked for from several threads."""

    mime: str
    page_count: int
    metadata: Metadata

    def page(self, number: int) -> SourcePage:
        """Page `number`, 1-based."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
