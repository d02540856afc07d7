"""The characters of a PDF page, as PDFium lays them out: one array each, no object for each character."""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from quire.sources.glyph_boxes import drawn_boxes
from quire.sources.pdf_frame import Rects
from quire.sources.pdfium import Handle, address_of, quick
from quire.sources.text_styles import TextStyles, owners_of, read_styles

_MAX_CHARACTERS: Final = 300_000
"""A page of a newspaper holds 30,000; PDFs made to hurt hold millions."""
_SAMPLES: Final = 128
_CODE_BITS: Final = 21

_pointer, _int = ctypes.c_void_p, ctypes.c_int
_unicode: Final = quick(raw.FPDFText_GetUnicode, ctypes.c_uint, _pointer, _int)
_loose_box: Final = quick(raw.FPDFText_GetLooseCharBox, _int, _pointer, _int, _pointer)
_angle: Final = quick(raw.FPDFText_GetCharAngle, ctypes.c_float, _pointer, _int)
_map_error: Final = quick(raw.FPDFText_HasUnicodeMapError, _int, _pointer, _int)
_render_mode: Final = quick(raw.FPDFTextObj_GetTextRenderMode, _int, _pointer)


@dataclass(frozen=True, slots=True)
class Characters:
    """Characters in PDFium's order: lines end in CR LF, a line that ends in a hyphen in U+0002 alone.

    Attributes:
        codes: (N,) uint32, Unicode code points.
        boxes: (N, 4) float32, left, top, right, bottom in PDF points; as high as the font is.
        drawn: (N, 4) float32, the same around what is drawn.
        turns: (N,) int8, quarter turns clockwise of the line the character stands in, before /Rotate.
        unmapped: share (0 to 1) of sampled characters whose font does not say what they mean.
        invisible: share of sampled characters that are drawn with neither fill nor stroke.
        owners: addresses of the text objects that sampled characters come from.
        styles: how they are set.
    """

    codes: NDArray[np.uint32]
    boxes: Rects
    drawn: Rects
    turns: NDArray[np.int8]
    unmapped: float
    invisible: float
    owners: tuple[int, ...]
    styles: TextStyles


def read_characters(page: Handle, tags: Mapping[int, str]) -> Characters | None:
    """All characters of a loaded page, None when there are none; the lock is held.

    Args:
        tags: structure types by text object.
    """
    text_page = raw.FPDFText_LoadPage(page)
    if not text_page:
        return None
    try:
        count = min(raw.FPDFText_CountChars(text_page), _MAX_CHARACTERS)
        return _read(text_page, count, tags) if count > 0 else None
    finally:
        raw.FPDFText_ClosePage(text_page)


def _read(text_page: Handle, count: int, tags: Mapping[int, str]) -> Characters:
    address = address_of(text_page)
    codes = _read_codes(text_page, count)
    boxes = np.zeros((count, 4), np.float32)
    rows = range(boxes.ctypes.data, boxes.ctypes.data + boxes.nbytes, boxes.strides[0])
    deque(map(_loose_box, repeat(address), range(count), rows), maxlen=0)
    inked = np.flatnonzero(codes > 0x20)
    samples = inked[:: max(1, len(inked) // _SAMPLES)].tolist()
    objects = owners_of(address, inked, count)
    owners = [owner for owner in objects[samples].tolist() if owner]
    turns, styles = _read_turns(address, codes, inked), read_styles(address, objects, tags)
    return Characters(
        codes=codes,
        boxes=boxes,
        drawn=drawn_boxes(address, boxes, _glyphs(codes, turns, styles.of_character)),
        turns=turns,
        unmapped=_share(_each(_map_error, address, samples)),
        invisible=_share([_render_mode(owner) == raw.FPDF_TEXTRENDERMODE_INVISIBLE for owner in owners]),
        owners=tuple(owners),
        styles=styles,
    )


def _read_codes(text_page: Handle, count: int) -> NDArray[np.uint32]:
    buffer = (ctypes.c_ushort * (count + 1))()
    raw.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace").encode("utf-32-le", "replace")
    codes = np.frombuffer(text, np.uint32)
    # PDFium leaves characters without a code out of the text, and pairs take two places: then, one by one.
    if len(codes) != count or not codes[-1]:
        return np.array(_each(_unicode, address_of(text_page), range(count)), np.uint32)
    return codes


def _read_turns(address: int, codes: NDArray[np.uint32], inked: NDArray[np.intp]) -> NDArray[np.int8]:
    """Quarter turns of each character, asked once a line: its first visible character speaks for the line."""
    turns = np.zeros(len(codes), np.int8)
    if not len(inked):
        return turns
    starts = np.concatenate(([0], np.flatnonzero((codes == 0x0A) | (codes == 0x02)) + 1))
    speakers = inked[np.minimum(np.searchsorted(inked, starts), len(inked) - 1)]
    radians = np.array(_each(_angle, address, speakers.tolist()), np.float32)
    quarters = (np.rint(np.nan_to_num(radians) / (np.pi / 2)) % 4).astype(np.int8)
    return np.repeat(quarters, np.diff(starts, append=len(codes)))


def _glyphs(codes: NDArray[np.uint32], turns: NDArray[np.int8], styles: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for each character that says its code, direction and style."""
    return ((styles << 2 | turns) << _CODE_BITS) | codes


def _each(function: Callable[..., Any], address: int, indices: Any) -> list[Any]:
    return list(map(function, repeat(address), indices))


def _share(flags: list[Any]) -> float:
    return sum(1 for flag in flags if flag == 1) / len(flags) if flags else 0.0
