"""Image files as documents.

Every frame of a TIFF is a page; an animation (GIF, WebP, PNG) has one page, its first frame.
"""

from __future__ import annotations

import io
from types import TracebackType
from typing import Self

from PIL import ImageFile

from quire.document import Metadata
from quire.errors import Cancelled, DamagedDocument, PageDamaged, PageOutOfRange, TooManyPages
from quire.limits import Limits
from quire.sources import sniffing
from quire.sources.base import PageImage
from quire.sources.codecs import open_header
from quire.sources.decoding import check_pixels, decode
from quire.sources.resolution import square_dpi
from quire.sources.tiff import page_offsets, page_stream


class ImageSource:
    """An opened image file. Thread-safe: each page is decoded on its own."""

    def __init__(self, data: bytes, mime: str, limits: Limits) -> None:
        """Checks the file by its headers; nothing is decoded.

        Raises:
            UnsupportedFormat: the library that reads the format is not installed.
            DamagedDocument: it has no readable header.
            TooManyPixels, TooManyPages: it is larger than `limits`.
        """
        self.mime = mime
        self.metadata = Metadata()
        self._data = data
        self._limits = limits
        self._offsets = page_offsets(data, limits.max_pages) if mime == sniffing.TIFF else [0]
        self.page_count = len(self._offsets)
        if self.page_count > limits.max_pages:
            raise TooManyPages(f"the TIFF file has more than {limits.max_pages:,} pages: split it, or raise max_pages")
        if self.page_count == 1:
            self._open(1)

    def page(self, number: int) -> ImagePage:
        """Page `number`, 1-based.

        Raises:
            PageOutOfRange: the file has no such page.
        """
        if not 1 <= number <= self.page_count:
            raise PageOutOfRange(f"there is no page {number}: the image file has {self.page_count:,}")
        return ImagePage(self, number)

    def _open(self, number: int) -> ImageFile.ImageFile:
        if not self._data:
            raise Cancelled("the document was closed while it was read")
        data, offset = self._data, self._offsets[number - 1]
        stream = page_stream(data, offset) if self.mime == sniffing.TIFF else io.BytesIO(data)
        image = open_header(self.mime, stream)
        check_pixels(image, self._limits.max_pixels)
        return image

    def render(self, number: int) -> PageImage:
        """Page `number` decoded; see `ImagePage.render`."""
        try:
            image, data = self._open(number), self._data
        except DamagedDocument as exc:
            raise _page_damaged(number) from exc
        return PageImage(decode(image, self.mime, data), square_dpi(image))

    def dpi(self, number: int) -> float | None:
        """Resolution that the header of page `number` states, the finer one where pixels are not square."""
        try:
            return square_dpi(self._open(number))
        except DamagedDocument:
            return None

    def close(self) -> None:
        """Lets the file's bytes go; pages that are being decoded end undisturbed."""
        self._data = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _page_damaged(number: int) -> PageDamaged:
    return PageDamaged(f"page {number} of the image file is damaged: save or scan it again")


class ImagePage:
    """One page of an image file."""

    def __init__(self, source: ImageSource, number: int) -> None:
        self.number = number
        self._source = source

    def text_layer(self, dpi: float) -> None:
        """An image carries no text of its own."""

    def blank(self, dpi: float | None) -> None:
        """An image has to be decoded before one knows."""

    def natural_dpi(self) -> float | None:
        """Resolution that the file states, None where it does not or states nonsense."""
        return self._source.dpi(self.number)

    def render(self, dpi: float | None) -> PageImage:
        """The page's own pixels, square and upright; `dpi` is ignored.

        Raises:
            PageDamaged: it cannot be decoded.
            TooManyPixels: its header claims more than the limit.
        """
        return self._source.render(self.number)
