"""PDF files as documents, through PDFium: text layers, rendering, passwords, metadata."""

from __future__ import annotations

import ctypes
from functools import cached_property
from types import TracebackType
from typing import Final, Self

import numpy as np
import pypdfium2.raw as raw
from pydantic import SecretStr

from quire.errors import PageDamaged, PageOutOfRange, TooManyPages
from quire.limits import Limits
from quire.sources.base import PageImage, Raster, TextLayer
from quire.sources.pdf_frame import PageFrame, frame_of
from quire.sources.pdf_metadata import read_metadata
from quire.sources.pdfium import Handle, PdfiumDocument
from quire.sources.pictures import scan_dpi
from quire.sources.sniffing import PDF
from quire.sources.text_layer import PageContent, lay_out, read_content

DEFAULT_DPI: Final = 150.0
_MIN_DPI: Final = 1.0


class PdfSource:
    """An opened PDF. Thread-safe; its threads take turns in PDFium and lay text out side by side."""

    mime = PDF

    def __init__(self, data: bytes, limits: Limits, password: SecretStr | None) -> None:
        """Opens the PDF; no page is loaded.

        Raises:
            PasswordRequired, WrongPassword, DamagedDocument, NoPages: it cannot be opened.
            TooManyPages: it has more than `limits.max_pages`.
        """
        self.document = PdfiumDocument(data, password.get_secret_value() if password else None)
        self.max_pixels = limits.max_pixels
        self.page_count = self.document.page_count
        if self.page_count > limits.max_pages:
            self.close()
            raise TooManyPages(
                f"the PDF has {self.page_count:,} pages, {limits.max_pages:,} are allowed: split it, or raise max_pages"
            )
        self.metadata = read_metadata(self.document)

    def page(self, number: int) -> PdfPage:
        """Page `number`, 1-based.

        Raises:
            PageOutOfRange: the PDF has no such page.
        """
        if not 1 <= number <= self.page_count:
            raise PageOutOfRange(f"there is no page {number}: the PDF has {self.page_count:,}")
        return PdfPage(self, number)

    def close(self) -> None:
        """Frees the PDF after the call that is running in it; later calls raise `Cancelled`."""
        self.document.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class PdfPage:
    """One page of a PDF. All methods raise `PageDamaged` when it cannot be loaded."""

    def __init__(self, source: PdfSource, number: int) -> None:
        self.number = number
        self._source = source

    @cached_property
    def _content(self) -> PageContent:
        return read_content(self._source.document, self.number)

    def raster(self, dpi: float | None) -> Raster:
        """What `render(dpi)` gives, without the work."""
        return self._raster(self._content.frame, dpi)

    def _raster(self, frame: PageFrame, dpi: float | None) -> Raster:
        return frame.raster(max(dpi or DEFAULT_DPI, _MIN_DPI), self._source.max_pixels)

    def text_layer(self, dpi: float) -> TextLayer | None:
        """The page's own text, in pixels of `render(dpi)`; None where it has none.

        Pictures are images and filled form fields whose text the layer does not hold.
        """
        return lay_out(self._content, self._raster(self._content.frame, dpi))

    def blank(self, dpi: float | None) -> Raster | None:
        """Size of a page without any object or annotation, None of others."""
        return self.raster(dpi) if self._content.empty else None

    def natural_dpi(self) -> float | None:
        """Resolution of the scan, where images fill at least 85% of the page."""
        return scan_dpi(self._content.images, self._content.frame)

    def render(self, dpi: float | None) -> PageImage:
        """The page as a viewer shows it, upright, with form fields and annotations, on white.

        At most 40 million pixels (and the limit's `max_pixels`): larger pages are rendered at a lower dpi.

        Args:
            dpi: 150 when absent.
        """
        document = self._source.document
        with document.page(self.number) as page:
            return _render(page, document.form, self._raster(frame_of(page), dpi), self.number)


def _render(page: Handle, form: Handle, raster: Raster, number: int) -> PageImage:
    """Lets PDFium draw straight into the array; the lock is held."""
    width, height, dpi = raster
    pixels = np.full((height, width, 3), 255, np.uint8)
    target = pixels.ctypes.data_as(ctypes.c_void_p)
    bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGR, target, pixels.strides[0])
    if not bitmap:
        raise PageDamaged(f"page {number} of the PDF cannot be rendered: ask for a lower dpi")
    try:
        area = (0, 0, width, height, 0, raw.FPDF_ANNOT)
        raw.FPDF_RenderPageBitmap(bitmap, page, *area)
        if form:
            raw.FPDF_FFLDraw(form, bitmap, page, *area)
    finally:
        raw.FPDFBitmap_Destroy(bitmap)
    return PageImage(pixels, dpi)
