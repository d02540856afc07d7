"""What a PDF's fonts look like: bold, italic, of one width. Their names say it more reliably than their numbers."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import pypdfium2.raw as raw

from quire.sources.pdfium import quick

_MAX_NAME_BYTES: Final = 256
_SUBSET: Final = re.compile(r"^[A-Z]{6}\+")
_BOLD: Final = re.compile(
    r"bold|black|heavy|demi|bd(?:it|mt|cn)?$|-medi\b|medital|\.bi?(?:\+|$)|^(?:cm|sf|ec)(?:b|sx|ssbx)", re.IGNORECASE
)
"""Also the bold faces of TeX's fonts, Nimbus's "Medi", and the ends of publishers' made-up names."""
_ITALIC: Final = re.compile(
    r"ital|obli|slant|kursiv|\.b?i$|(?:bd|rg|sb|lt|-)it$|^(?:cm|sf|ec)(?:b?x?ti|mi|sl|bxsl)", re.IGNORECASE
)
_MONO: Final = re.compile(r"mono|courier|consol|typewr|menlo|monaco|fixed|^(?:cm|sf|ec)(?:tt|sltt|itt)", re.IGNORECASE)
_BOLD_WEIGHT: Final = 700
_FIXED_PITCH, _ITALIC_FLAG, _FORCE_BOLD = 1 << 0, 1 << 6, 1 << 18
"""Bits of a font descriptor's flags (ISO 32000-2, table 121)."""
_LEAN_DEGREES: Final = 4

_pointer, _int = ctypes.c_void_p, ctypes.c_int
_weight: Final = quick(raw.FPDFFont_GetWeight, _int, _pointer)
_flags: Final = quick(raw.FPDFFont_GetFlags, _int, _pointer)
_lean: Final = quick(raw.FPDFFont_GetItalicAngle, _int, _pointer, _pointer)
_name: Final[Callable[..., Any]] = quick(
    raw.FPDFFont_GetBaseFontName, ctypes.c_size_t, _pointer, ctypes.c_char_p, ctypes.c_size_t
)
_width: Final = quick(
    raw.FPDFFont_GetGlyphWidth, _int, _pointer, ctypes.c_uint32, ctypes.c_float, ctypes.POINTER(ctypes.c_float)
)


class Face(NamedTuple):
    """How a font's letters look."""

    bold: bool
    italic: bool
    mono: bool


def face_of(font: int) -> Face:
    """The face of a font by its address; plain for address 0. The lock is held."""
    if not font:
        return Face(False, False, False)
    name, flags = _name_of(font), max(_flags(font), 0)
    return Face(_is_bold(font, name, flags), _is_italic(font, name, flags), _is_mono(font, name, flags))


def _name_of(font: int) -> str:
    buffer = ctypes.create_string_buffer(_MAX_NAME_BYTES)
    _name(font, buffer, _MAX_NAME_BYTES)
    return _SUBSET.sub("", buffer.value.decode("latin-1"))


def _is_bold(font: int, name: str, flags: int) -> bool:
    # PDFium guesses weights from the thickness of stems, which is often made up (Georgia 665, Calibri 864):
    # only the one that programs mean by bold counts.
    return bool(_BOLD.search(name)) or bool(flags & _FORCE_BOLD) or _weight(font) == _BOLD_WEIGHT


def _is_italic(font: int, name: str, flags: int) -> bool:
    angle = ctypes.c_int(0)
    leans = _lean(font, ctypes.addressof(angle)) and abs(angle.value) >= _LEAN_DEGREES
    return bool(_ITALIC.search(name)) or bool(flags & _ITALIC_FLAG) or bool(leans)


def _is_mono(font: int, name: str, flags: int) -> bool:
    if _MONO.search(name):
        return True
    # Chinese and Japanese fonts call themselves fixed for the sake of their ideographs.
    return bool(flags & _FIXED_PITCH) and _advance(font, "i") == _advance(font, "m") > 0


def _advance(font: int, letter: str) -> float:
    width = ctypes.c_float(0)
    _width(font, ord(letter), 1000.0, ctypes.byref(width))
    return width.value
