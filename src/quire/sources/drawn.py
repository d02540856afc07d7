"""What a PDF page draws besides text, gathered in one walk over its objects."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import pypdfium2.raw as raw

from quire.sources.page_images import ImageReader, PageImages
from quire.sources.page_objects import walk
from quire.sources.page_paths import PagePaths, PathReader
from quire.sources.pdfium import Handle, address_of


class Drawn(NamedTuple):
    """Images and paths of one page; None without paths."""

    images: PageImages
    paths: PagePaths | None


def read_drawn(page: Handle, text_objects: Collection[int]) -> Drawn:
    """The images and paths of a loaded page and its forms; the lock is held.

    Args:
        text_objects: addresses of text objects, of which `PageImages.text_beneath` counts.
    """
    images, paths = ImageReader(), None
    wanted, beneath = set(text_objects), 0
    for item, kind, outer in walk(address_of(page)):
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            beneath += item in wanted
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            images.add(item, outer, beneath)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            paths = paths or PathReader()
            paths.add(item, outer)
    return Drawn(images.images(), paths.paths() if paths else None)
