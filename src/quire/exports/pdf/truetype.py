"""The smallest TrueType file that PDF readers take (ISO/IEC 14496-22): two glyphs, of which nothing can be seen."""

from __future__ import annotations

import struct
from typing import Final

UNITS_PER_EM: Final = 1000
ASCENT: Final = 800
DESCENT: Final = -200
ADVANCE: Final = 500
"""Ascent and descent make one em: a text of size h is exactly h high to programs that ask the font."""

_GLYPHS: Final = 2
_GLYPH: Final = struct.pack(
    ">5hHHBBhhhh", 1, 0, DESCENT, ADVANCE, ASCENT, 1, 0, 0x01, 0x01, 0, ADVANCE, DESCENT, ASCENT - DESCENT
)
"""A line that encloses nothing, from corner to corner: PDFium finds no text whose glyphs have no size."""

_MAGIC: Final = 0x5F0F3CF5
_SUM: Final = 0xB1B0AFBA


def empty_font() -> bytes:
    """The font file; glyph 1 is the one to show."""
    tables = {
        b"glyf": _GLYPH,
        b"head": _head(),
        b"hhea": struct.pack(
            ">IhhhHhhhhhhhhhhhH", 0x00010000, ASCENT, DESCENT, 0, ADVANCE, *(0,) * 3, 1, *(0,) * 7, _GLYPHS
        ),
        b"hmtx": struct.pack(">Hh", ADVANCE, 0) * _GLYPHS,
        b"loca": struct.pack(">HHH", 0, 0, len(_GLYPH) // 2),
        b"maxp": struct.pack(">IH13H", 0x00010000, _GLYPHS, 2, 1, 0, 0, 2, *(0,) * 8),
    }
    font = _assembled(tables)
    # The head holds what the whole file's sum lacks to a constant.
    at = font.index(struct.pack(">I", _MAGIC)) - 4
    return font[:at] + struct.pack(">I", (_SUM - _checksum(font)) & 0xFFFFFFFF) + font[at + 4 :]


def _head() -> bytes:
    version, revision, adjustment, flags = 0x00010000, 0x00010000, 0, 0b1011
    box = (0, DESCENT, ADVANCE, ASCENT)
    return struct.pack(
        ">IIIIHHqqhhhhHHhhh",
        *(version, revision, adjustment, _MAGIC, flags, UNITS_PER_EM, 0, 0, *box, 0, 3, 2, 0, 0),
    )


def _assembled(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    largest = 1 << (count.bit_length() - 1)
    directory = struct.pack(">IHHHH", 0x00010000, count, largest * 16, largest.bit_length() - 1, (count - largest) * 16)
    body = b""
    start = len(directory) + 16 * count
    for name, content in tables.items():
        directory += struct.pack(">4sIII", name, _checksum(content), start + len(body), len(content))
        body += content + b"\0" * (-len(content) % 4)
    return directory + body


def _checksum(content: bytes) -> int:
    padded = content + b"\0" * (-len(content) % 4)
    total: int = sum(struct.unpack(f">{len(padded) // 4}I", padded))
    return total & 0xFFFFFFFF
