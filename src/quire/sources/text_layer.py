"""The text layer of a PDF page: read from PDFium once, then laid out at any resolution without it."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2.raw as raw

from quire.geometry import Box
from quire.sources.base import Raster, TextLayer
from quire.sources.characters import Characters, read_characters
from quire.sources.form_fields import filled_rects
from quire.sources.page_images import PageImages, read_images
from quire.sources.pdf_frame import PageFrame, Rects, frame_of
from quire.sources.pdfium import PdfiumDocument
from quire.sources.pictures import image_boxes, undescribed
from quire.sources.text_lines import build_lines
from quire.sources.trust import doubt_of


@dataclass(frozen=True, slots=True)
class PageContent:
    """What PDFium knows of one page, in PDF points.

    Attributes:
        filled: areas of form fields and notes that show text, left, top, right, bottom.
        empty: whether nothing is drawn on it.
    """

    frame: PageFrame
    characters: Characters | None
    images: PageImages
    filled: Rects
    empty: bool


def read_content(document: PdfiumDocument, number: int) -> PageContent:
    """Everything about page `number` (1-based) that takes PDFium's lock, in one go.

    Raises:
        PageDamaged: it cannot be loaded.
        Cancelled: the document was closed meanwhile.
    """
    with document.page(number) as page:
        characters = read_characters(page)
        return PageContent(
            frame=frame_of(page),
            characters=characters,
            images=read_images(page, characters.owners if characters else ()),
            filled=filled_rects(page, document.form),
            empty=not raw.FPDFPage_CountObjects(page) and not raw.FPDFPage_GetAnnotCount(page),
        )


def lay_out(content: PageContent, raster: Raster) -> TextLayer | None:
    """The text layer in pixels of `raster`, None where the page has no text."""
    if content.characters is None:
        return None
    lines = build_lines(content.characters, content.frame, raster)
    if not lines:
        return None
    boxes = image_boxes(content.images, content.frame, raster)
    doubt = doubt_of(content.characters, lines, content.images, boxes, content.frame, raster)
    pictures = undescribed(boxes, lines, raster) + _fields(content, raster)
    return TextLayer(raster, lines, pictures, doubt)


def _fields(content: PageContent, raster: Raster) -> tuple[Box, ...]:
    rects = content.frame.to_pixels(content.filled, raster).clip(0, (raster.width, raster.height) * 2)
    return tuple(box for box in (Box(*rect) for rect in rects.round(1).tolist()) if box.area > 0)
