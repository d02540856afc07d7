"""What PDFium's character codes say: letters, spaces, line ends, hyphens, and what is none of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from quire.sources.pdf_frame import Rects

_HYPHEN: Final = ord("-")
_LINE_FEED: Final = 0x0A
_LINE_END_HYPHENS: Final = (0x02, 0xFFFE)
"""PDFium's marks for a hyphen that ends a line; no line feed follows it."""
_SOFT_HYPHEN: Final = 0xAD
_SPACES: Final = (
    0x20,
    0x09,
    0x0B,
    0x0C,
    0x85,
    0xA0,
    0x1680,
    *range(0x2000, 0x200B),
    0x2028,
    0x2029,
    0x202F,
    0x205F,
    0x3000,
)
_MARKS: Final = (0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xFFFF)
"""Characters without a shape: joiners stay, Persian and Indic scripts need them."""
_REPLACEMENT: Final = 0xFFFD

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Text:
    """Codes, cleaned, and what each is: (N,) arrays."""

    codes: NDArray[np.uint32]
    visible: Flags
    spaces: Flags
    breaks: Flags


def _table() -> NDArray[np.uint8]:
    """1 for a space, 2 for a character without a shape, for every code of the basic plane."""
    table = np.zeros(0x10000, np.uint8)
    table[0:0x20] = table[0x7F:0xA0] = 2
    table[list(_MARKS)] = 2
    table[list(_SPACES)] = 1
    return table


_KINDS: Final = _table()


def clean(codes: NDArray[np.uint32], boxes: Rects) -> Text:
    """Codes that can be shown and stored anywhere: no control characters, no lone surrogates.

    Args:
        codes: (N,) uint32, from PDFium.
        boxes: (N, 4) where each stands, to tell ligatures.
    """
    hyphens = (codes == _LINE_END_HYPHENS[0]) | (codes == _LINE_END_HYPHENS[1])
    cleaned = np.where(hyphens | (codes == _SOFT_HYPHEN), np.uint32(_HYPHEN), codes)
    cleaned[(cleaned >= 0xD800) & (cleaned < 0xE000) | (cleaned > 0x10FFFF)] = _REPLACEMENT
    kinds = np.where(cleaned < 0x10000, _KINDS[np.minimum(cleaned, 0xFFFF)], 0)
    _restore_ligatures(cleaned, boxes)
    return Text(cleaned, kinds == 0, kinds == 1, hyphens | (codes == _LINE_FEED))


def _restore_ligatures(codes: NDArray[np.uint32], boxes: Rects) -> None:
    """Puts the letters of a right-to-left ligature in order: PDFium turns the line around, these with it."""
    rtl = (codes >= 0x590) & (codes < 0x900)
    if not rtl.any():
        return
    pairs = np.flatnonzero(rtl[:-1] & rtl[1:] & (boxes[:-1] == boxes[1:]).all(axis=1))
    codes[pairs], codes[pairs + 1] = codes[pairs + 1], codes[pairs]
