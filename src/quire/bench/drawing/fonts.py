"""Typefaces that come from the package index, so that a bare machine draws the same pages as any other.

All of them are under the Apache, OFL or Bitstream Vera licences.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from PIL import ImageFont

from quire.bench.extras import missing_extra


class Typeface(NamedTuple):
    """Where a typeface lies: the package, and its regular and bold files inside it."""

    name: str
    package: str
    regular: str
    bold: str


FACES: Final = (
    Typeface("Caladea", "font_caladea", "files/Caladea-Regular.ttf", "files/Caladea-Bold.ttf"),
    Typeface("Vera", "reportlab", "fonts/Vera.ttf", "fonts/VeraBd.ttf"),
    Typeface(
        "SourceSerif", "font_source_serif_pro", "files/SourceSerifPro-Regular.ttf", "files/SourceSerifPro-Bold.ttf"
    ),
    Typeface("SourceSans", "font_source_sans_pro", "files/SourceSansPro-Regular.ttf", "files/SourceSansPro-Bold.ttf"),
)
"""Serif and sans in turn."""


def font_path(face: Typeface, *, bold: bool = False) -> Path:
    """The TrueType file of a typeface.

    Raises:
        CapabilityMissing: its package is not installed.
    """
    spec = find_spec(face.package)
    if spec is None or not spec.submodule_search_locations:
        raise missing_extra(ImportError(name=face.package))
    return Path(spec.submodule_search_locations[0]) / (face.bold if bold else face.regular)


@lru_cache(maxsize=64)
def font(face: Typeface, size_px: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The typeface at a size.

    The basic layout engine is asked for by name: the other one depends on what the machine has installed.

    Raises:
        CapabilityMissing: its package is not installed.
    """
    return ImageFont.truetype(font_path(face, bold=bold), size_px, layout_engine=ImageFont.Layout.BASIC)
