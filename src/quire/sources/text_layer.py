"""The text layer of a PDF page: read from PDFium once, then laid out at any resolution without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2.raw as raw

from quire.document import Line
from quire.geometry import Box
from quire.sources.base import Raster, TextLayer
from quire.sources.characters import Characters, read_characters
from quire.sources.drawings import find_drawings
from quire.sources.drawn import read_drawn
from quire.sources.form_fields import filled_rects
from quire.sources.links import Target, place_links, read_links
from quire.sources.page_images import PageImages
from quire.sources.page_paths import PagePaths
from quire.sources.path_rules import find_path_rules
from quire.sources.path_shapes import figures_of
from quire.sources.pdf_frame import PageFrame, Rects, frame_of
from quire.sources.pdfium import PdfiumDocument
from quire.sources.pictures import illustrations, image_boxes, undescribed
from quire.sources.tags import read_tags
from quire.sources.text_lines import build_lines
from quire.sources.trust import doubt_of
from quire.view import Rule


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
    paths: PagePaths | None
    filled: Rects
    links: tuple[Target, ...]
    empty: bool


def read_content(document: PdfiumDocument, number: int) -> PageContent:
    """Everything about page `number` (1-based) that takes PDFium's lock, in one go.

    Raises:
        PageDamaged: it cannot be loaded.
        Cancelled: the document was closed meanwhile.
    """
    with document.page(number) as page, document.opened() as handle:
        characters = read_characters(page, read_tags(page))
        drawn = read_drawn(page, characters.owners if characters else ())
        return PageContent(
            frame=frame_of(page),
            characters=characters,
            images=drawn.images,
            paths=drawn.paths,
            filled=filled_rects(page, document.form),
            links=read_links(handle, page),
            empty=not raw.FPDFPage_CountObjects(page) and not raw.FPDFPage_GetAnnotCount(page),
        )


def lay_out(content: PageContent, raster: Raster) -> TextLayer | None:
    """The text layer in pixels of `raster`, None where the page has no text."""
    if content.characters is None:
        return None
    lines, styles = build_lines(content.characters, content.frame, raster)
    if not lines:
        return None
    boxes = image_boxes(content.images, content.frame, raster)
    rules, drawings = _drawn(content, lines, raster)
    fields = (box for box in content.frame.boxes(content.filled, raster) if box.area > 0)
    return TextLayer(
        raster=raster,
        lines=lines,
        pictures=(*undescribed(boxes, lines, raster), *fields),
        doubt=doubt_of(content.characters, lines, content.images, boxes, content.frame, raster),
        styles=styles,
        rules=rules,
        images=(*illustrations(content.images, content.frame, raster), *drawings),
        links=place_links(content.links, content.frame, raster),
    )


def _drawn(content: PageContent, lines: Sequence[Line], raster: Raster) -> tuple[tuple[Rule, ...], tuple[Box, ...]]:
    """Ruling lines, and areas of drawings."""
    if content.paths is None:
        return (), ()
    figures = figures_of(content.paths)
    rules = find_path_rules(content.paths, figures, content.frame, raster)
    return rules, find_drawings(content.paths, figures, lines, content.frame, raster)
