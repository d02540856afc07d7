"""What kind of thing a cell says."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_PLAIN: Final = re.compile(r"[^\w]*\d[\d\s.,:/'%()\[\]±+<>=~*†‡§$€£¥#\u2010-\u2015\u2212-]*[a-zA-Z%*†‡]{0,3}[\d)\]*]*")
_NOTHING: Final = re.compile(r"[^\w\s]{1,3}|[xX]|n\.?/?[aAsSdD]\.?|N\.?/?[AD]\.?|\.{2,}")
_NUMBER: Final = re.compile(r"[-\u2212]?\d{1,12}(\.\d{1,6})?", re.ASCII)
_YEAR: Final = re.compile(r"(1[6-9]|20)\d\d([-/–]\d{2,4})?")
_REFERENCE: Final = re.compile(r"[(\[]\d{1,3}(\.\d{1,2})?[a-z]?[)\]]")
_LEADER: Final = re.compile(r"(\.\s?){5,}|…{2,}|_{4,}")
_FIELD: Final = re.compile(r"[^\W\d].*[:：]\s*\S", re.DOTALL)
_MARKER: Final = re.compile(r"[^\w\s]|\(?(\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\)?|\[\d{1,3}\]")


def is_value(text: str) -> bool:
    """A number with its signs and unit, or a mark that stands for none."""
    return len(text) <= 40 and bool(_PLAIN.fullmatch(text) or _NOTHING.fullmatch(text))


def is_year(text: str) -> bool:
    return bool(_YEAR.fullmatch(text))


def has_leader(text: str) -> bool:
    """Dots or dashes that lead to an entry, as in a table of contents or a form."""
    return bool(_LEADER.search(text))


def is_field(text: str) -> bool:
    """A label with what is filled in behind its colon."""
    return bool(_FIELD.match(text))


def is_marker(text: str) -> bool:
    """What stands before an entry of a list or a bibliography."""
    return bool(_MARKER.fullmatch(text))


def as_number(text: str) -> float | None:
    """The number that a text is, None for other texts."""
    plain = text.replace(",", "").rstrip("%").replace("\u2212", "-")
    return float(plain) if _NUMBER.fullmatch(plain) else None


def is_reference(text: str) -> bool:
    """The number of an equation or a note."""
    return bool(_REFERENCE.fullmatch(text))


def is_wide(character: str) -> bool:
    """An ideograph, kana or their punctuation, between which no spaces stand."""
    return not character.isascii() and unicodedata.east_asian_width(character) in "WF"
