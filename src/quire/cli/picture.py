"""What `quire visualize` draws."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np

from quire.assembly import load_reader
from quire.document import Page
from quire.errors import PageDamaged
from quire.exports.overlay import overlay
from quire.options import ReadOptions
from quire.settings import Settings
from quire.sources import open_source


def picture(file: Path, options: ReadOptions, settings: Settings, *, words: bool) -> bytes:
    """PNG of the one page that the options name, with what was read drawn on it.

    Raises:
        QuireError: the document or the page cannot be read.
    """
    with closing(load_reader(settings)) as reader:
        document = reader.read(file, options)
    if not document.pages:
        raise PageDamaged(document.errors[0].detail)
    page = document.pages[0]
    return overlay(_image(file, page, options, settings), page, words=words)


def _image(file: Path, page: Page, options: ReadOptions, settings: Settings) -> np.typing.NDArray[np.uint8]:
    """The page's pixels, turned upright as they were for the reading; (height, width, 3) BGR."""
    with open_source(file, limits=settings.limits, password=options.password) as source:
        image = source.page(page.number).render(page.dpi)
    return np.ascontiguousarray(np.rot90(image.pixels, -(page.rotation // 90)))
