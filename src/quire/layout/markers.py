"""What list items begin with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from quire.layout.numbering import roman

MarkerStyle = Literal["bullet", "number", "letter", "roman", "han"]

_BULLET: Final = re.compile(
    r"([•‣▪▫●○◦■□◆◇❖➢➤►▶✓✔☐☑☒✗✦⁃∙·※★☆◼◻–—*\-+o\uf0b7\uf0a7\uf0d8])\s+(?=\S)|([•‣▪●■◆➢➤►✓✔☐☑☒\uf0b7\uf0a7])(?=\S)"
)
_NUMBER: Final = re.compile(r"(\(?(\d{1,3})[.)、．:]|\((\d{1,3})\)|（(\d{1,3})）|([①-⑳]))\s*(?=[^\s\d.,])")
_LETTER: Final = re.compile(r"(\(?([A-Za-z])\)|([A-Za-z])\.)\s+(?=\S)")
_ROMAN: Final = re.compile(r"(\(?([ivxIVX]{1,6})\)|([ivxIVX]{1,6})\.)\s+(?=\S)")
_HAN: Final = re.compile(r"([（(]?([一二三四五六七八九十])[、）)．.])\s*(?=\S)")
_DASHES: Final = "–—-*+o·∙"
_HAN_DIGITS: Final = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Marker:
    """What an item begins with.

    Attributes:
        text: as printed.
        style: how it counts, "bullet" when it does not.
        shape: the marker without its value: two items with one shape belong to one list.
        value: 1 for "1.", "a)" and "(i)"; 0 for bullets.
        end: where the item's own text begins.
    """

    text: str
    style: MarkerStyle
    shape: str
    value: int
    end: int

    @property
    def sure(self) -> bool:
        """Whether nothing but an item of a list begins like that."""
        return self.style == "bullet" and self.text not in _DASHES

    def follows(self, other: Marker) -> bool:
        """Whether an item with this marker may come next after one with the other."""
        return self.shape == other.shape and self.value in (0, other.value + 1)


def markers(text: str) -> tuple[Marker, ...]:
    """The markers that a line may begin with, likeliest first: "i." counts as a letter or as a Roman numeral."""
    if found := _BULLET.match(text):
        sign = found[1] or found[2]
        return (Marker(sign, "bullet", sign, 0, found.end()),)
    if found := _NUMBER.match(text):
        digits = found[2] or found[3] or found[4]
        value = int(digits) if digits else ord(found[5]) - ord("①") + 1
        return (Marker(found[1], "number", _shape(found[1], digits or found[5]), value, found.end()),)
    if found := _HAN.match(text):
        value = _HAN_DIGITS.index(found[2]) + 1
        return (Marker(found[1], "han", _shape(found[1], found[2]), value, found.end()),)
    return (*_lettered(text), *_numbered_in_roman(text))


def _lettered(text: str) -> tuple[Marker, ...]:
    found = _LETTER.match(text)
    if not found:
        return ()
    letter = found[2] or found[3]
    case = "a" if letter.islower() else "A"
    return (Marker(found[1], "letter", found[1].replace(letter, case), ord(letter) - ord(case) + 1, found.end()),)


def _numbered_in_roman(text: str) -> tuple[Marker, ...]:
    found = _ROMAN.match(text)
    numeral = (found[2] or found[3]) if found else ""
    value = roman(numeral.lower()) if numeral in (numeral.lower(), numeral.upper()) else None
    if not found or not value:
        return ()
    case = "i" if numeral.islower() else "I"
    return (Marker(found[1], "roman", found[1].replace(numeral, case), value, found.end()),)


def _shape(marker: str, value: str) -> str:
    return marker.replace(value, "1" if value.isdigit() else "一")
