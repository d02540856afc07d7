"""What `quire visualize` draws."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from quire.assembly import load_reader
from quire.errors import PageDamaged
from quire.exports.overlay import overlay
from quire.exports.pictures import upright
from quire.options import ReadOptions
from quire.settings import Settings
from quire.sources.original import open_original


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
    with open_original(file, limits=settings.limits, password=options.password) as original:
        return overlay(upright(page, original), page, words=words)
