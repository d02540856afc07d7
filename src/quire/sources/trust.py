"""Whether the text of a PDF page says what the page shows. Each check is a sign, none is proof."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.document import Line
from quire.geometry import Box, bounds
from quire.sources.base import Raster
from quire.sources.characters import Characters
from quire.sources.page_images import PageImages
from quire.sources.pdf_frame import PageFrame
from quire.sources.pictures import FULL_PAGE, Coverage

Codes = NDArray[np.uint32]

_MAX_UNREADABLE: Final = 0.05
_MAX_UNMAPPED: Final = 0.2
_MAX_HIDDEN: Final = 0.5
_MAX_LAYERS: Final = 1.4
"""Sane pages measure 1.0 to 1.1, a doubled text 1.6 to 2."""
_FEW_CHARACTERS: Final = 100
_GLYPH_NAME: Final = re.compile(r"\(cid:\d+\)|/?\bg(?:lyph|id)?\d{1,5}\b|\bu?ni[0-9A-F]{4}\b")
_NAMES_WITHIN: Final = 2_000
_ASCII: Final = 0x80
_LETTERS: Final = [*range(ord("A"), ord("Z") + 1), *range(ord("a"), ord("z") + 1)]
_VOWEL_LETTERS: Final = [ord(letter) for letter in "AEIOUYaeiouy"]
_MIN_LETTERS: Final = 200
_VOWELS: Final = (0.2, 0.65)
"""Share of vowels among the basic Latin letters: 0.35 to 0.5 in the languages that use them."""


def doubt_of(
    characters: Characters,
    lines: Sequence[Line],
    images: PageImages,
    boxes: Sequence[Box],
    frame: PageFrame,
    raster: Raster,
) -> str | None:
    """Why the text should not be trusted, a sentence; None when nothing speaks against it.

    Args:
        lines: built from `characters`.
        boxes: where images lie on the page, pixels of `raster`.
    """
    text = "".join(line.text for line in lines)
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    scanned = Coverage(raster.width, raster.height, boxes).share() >= FULL_PAGE
    if characters.invisible > _MAX_HIDDEN:
        return "the text is invisible: an OCR layer of unknown quality"
    if scanned and _share_beneath(characters, images, frame) > _MAX_HIDDEN:
        return "the text lies beneath an image: an OCR layer of unknown quality"
    if _unreadable_share(codes) > _MAX_UNREADABLE or characters.unmapped > _MAX_UNMAPPED:
        return "many characters have no meaning in Unicode: their fonts do not say which letters they draw"
    names = _GLYPH_NAME.findall(text, 0, _NAMES_WITHIN)
    if sum(len(name) for name in names) > _MAX_UNREADABLE * min(len(text), _NAMES_WITHIN):
        return "the text consists of glyph names instead of letters"
    if scanned and len(text) < _FEW_CHARACTERS:
        return "an image fills the page and there is hardly any text"
    if Coverage(raster.width, raster.height, [bounds([line.box]) for line in lines]).layers > _MAX_LAYERS:
        return "lines of the text lie on top of each other"
    return _unlikely_letters(codes)


def _share_beneath(characters: Characters, images: PageImages, frame: PageFrame) -> float:
    """Share of the sampled characters that a page-sized image is painted over."""
    width, height = images.rects[:, 2] - images.rects[:, 0], images.rects[:, 1] - images.rects[:, 3]
    beneath = images.text_beneath[width * height >= FULL_PAGE * frame.area_pt]
    owners = len(set(characters.owners))
    return float(beneath.max()) / owners if beneath.size and owners else 0.0


def _unreadable_share(codes: Codes) -> float:
    private = ((codes >= 0xE000) & (codes < 0xF900)) | (codes >= 0xF0000)
    return float((private | (codes == 0xFFFD)).mean()) if codes.size else 0.0


def _unlikely_letters(codes: Codes) -> str | None:
    counts = np.bincount(codes[codes < _ASCII], minlength=_ASCII)
    letters = int(counts[_LETTERS].sum())
    # Texts in other scripts hold few Latin letters, and those are often codes and units.
    if letters < max(_MIN_LETTERS, len(codes) / 3):
        return None
    lowest, highest = _VOWELS
    if lowest <= int(counts[_VOWEL_LETTERS].sum()) / letters <= highest:
        return None
    return "the letters do not form words: their fonts seem to name other letters than they draw"
