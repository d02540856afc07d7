"""How the text of a PDF page is set. What its text objects say is read once each, not once a character."""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Final

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from quire.sources.fonts import Face, face_of
from quire.sources.pdfium import quick
from quire.view import LineStyle

_STRIDE: Final = 32
"""Characters of one object follow each other: between two of them there are no others'."""
_TENTHS: Final = 10.0
_MAX_SIZE_PT: Final = 10_000.0

_pointer, _int = ctypes.c_void_p, ctypes.c_int
_text_object: Final = quick(raw.FPDFText_GetTextObject, _pointer, _pointer, _int)
_font_size: Final = quick(raw.FPDFText_GetFontSize, ctypes.c_double, _pointer, _int)
_matrix: Final = quick(raw.FPDFText_GetMatrix, _int, _pointer, _int, _pointer)
_font: Final = quick(raw.FPDFTextObj_GetFont, _pointer, _pointer)
_render_mode: Final = quick(raw.FPDFTextObj_GetTextRenderMode, _int, _pointer)

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TextStyles:
    """Styles of a page's characters.

    Attributes:
        styles: those that occur, sizes in points.
        of_character: (N,) int64, index into `styles` for each character.
    """

    styles: tuple[LineStyle, ...]
    of_character: Ints


def owners_of(text_page: int, inked: Ints, count: int) -> NDArray[np.uint64]:
    """Addresses of the text objects that `count` characters come from, (N,) uint64; the lock is held.

    Args:
        inked: ascending indices of the visible characters; the others' stay 0.
    """
    owners, asked = np.zeros(len(inked), np.uint64), np.zeros(len(inked), bool)
    places = np.unique(np.append(np.arange(0, len(inked), _STRIDE), max(len(inked) - 1, 0))[: len(inked)])
    low, high = places[:-1], places[1:]
    while len(places):
        owners[places] = _owners(text_page, inked[places])
        asked[places] = True
        changing = (owners[low] != owners[high]) & (high - low > 1)
        low, high = low[changing], high[changing]
        places = (low + high) // 2
        low, high = np.concatenate((low, places)), np.concatenate((places, high))
    nearest = np.maximum.accumulate(np.where(asked, np.arange(len(inked)), 0))
    found = np.zeros(count, np.uint64)
    found[inked] = owners[nearest]
    return found


def _owners(text_page: int, indices: Ints) -> NDArray[np.uint64]:
    return np.array([owner or 0 for owner in map(_text_object, repeat(text_page), indices.tolist())], np.uint64)


def read_styles(text_page: int, owners: NDArray[np.uint64], tags: Mapping[int, str]) -> TextStyles:
    """Styles of all characters; the lock is held.

    Args:
        owners: (N,) uint64, the characters' text objects, 0 where there is none.
        tags: structure types by text object.
    """
    runs = np.flatnonzero(np.diff(owners, prepend=owners[:1] + 1))
    of_run = owners[runs].tolist()
    # In the order of the page: addresses change from reading to reading, and the first style wins a tie.
    first = dict(zip(reversed(of_run), reversed(runs.tolist()), strict=True))
    addresses = list(dict.fromkeys(of_run))
    fonts = [_font(address) or 0 if address else 0 for address in addresses]
    # Letters that are filled and outlined: how programs embolden a face that has no bold.
    modes = [_render_mode(address) if address else 0 for address in addresses]
    kinds = zip(
        _sizes(text_page, [first[address] for address in addresses]),
        fonts,
        modes,
        map(tags.get, addresses),
        strict=True,
    )
    ids: dict[tuple[float, int, int, str | None], int] = {}
    of_object = {address: ids.setdefault(kind, len(ids)) for address, kind in zip(addresses, kinds, strict=True)}
    faces = {font: face_of(font) for font in set(fonts)}
    styles = [_style(size_pt, faces[font], mode, tag) for size_pt, font, mode, tag in ids]
    of_runs = np.array([of_object[address] for address in of_run], np.int64)
    return TextStyles(tuple(styles), np.repeat(of_runs, np.diff(runs, append=len(owners))))


def _style(size_pt: float, face: Face, mode: int, tag: str | None) -> LineStyle:
    bold = face.bold or mode == raw.FPDF_TEXTRENDERMODE_FILL_STROKE
    return LineStyle(size_pt, bold, face.italic, face.mono, tag)


def _sizes(text_page: int, characters: list[int]) -> list[float]:
    """Heights of the em square at some characters, points, to a tenth."""
    matrices = np.zeros((len(characters), 6), np.float32)
    rows = range(matrices.ctypes.data, matrices.ctypes.data + matrices.nbytes, matrices.strides[0])
    deque(map(_matrix, repeat(text_page), characters, rows), maxlen=0)
    sizes = np.array(list(map(_font_size, repeat(text_page), characters)), np.float64)
    scales = np.hypot(matrices[:, 2].astype(np.float64), matrices[:, 3])
    heights = np.nan_to_num(np.abs(sizes) * scales).clip(0, _MAX_SIZE_PT)
    rounded: list[float] = (np.rint(heights * _TENTHS) / _TENTHS).tolist()
    return rounded
