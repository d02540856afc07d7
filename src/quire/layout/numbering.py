"""Numbers that headings and pages carry."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

NumberStyle = Literal["chapter", "decimal", "roman", "letter"]

_HAN: Final = "一二三四五六七八九十百零〇两0-9０-９"
_CHAPTER: Final = re.compile(
    r"(?:(?:chapter|part|book|appendix|annex|section|article|kapitel|teil|abschnitt|anhang|chapitre|partie|annexe|"
    r"cap[ií]tulo|parte|anexo|capitolo|allegato|глава|часть|раздел|приложение|פרק|الفصل|الباب|القسم)\s+"
    r"(?:\d{1,3}(?:\.\d{1,3})*|[ivxlc]{1,7}|[a-z\u0400-\u04ff]|[\u05d0-\u05ea][׳']?|\w{3,12})\b"
    rf"|第\s?[{_HAN}]{{1,6}}\s?[章编編部篇回卷]|제\s?\d{{1,3}}\s?[장부편])",
    re.IGNORECASE,
)
_SECTION: Final = re.compile(rf"第\s?[{_HAN}]{{1,6}}\s?[节節条條款項项]|제\s?\d{{1,3}}\s?[절조]|§+\s?\d")
_DECIMAL: Final = re.compile(r"(\d{1,2}(?:[.．]\d{1,2}){0,4})([.．:)、]?)(?=\s|(?<=[.．、])\D|$)")
_DENSE_DECIMAL: Final = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,4})[.．、]?(?=[^\W\d_])")
_ROMAN: Final = re.compile(r"([IVX]{1,6})[.:)\s]\s*(?=\S)")
_LETTER: Final = re.compile(r"([A-Z])[.:)]\s+(?=\S)|([A-Z]\.\d{1,2}(?:\.\d{1,2})*)\.?\s+(?=\S)")
_HAN_ITEM: Final = re.compile(r"[一二三四五六七八九十]{1,3}[、.．]\s*|[（(][一二三四五六七八九十]{1,3}[)）]\s*")
_ROMAN_NUMBER: Final = re.compile(r"(?=[ivxlcdm])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_PAGE_WORD: Final = r"(?:page|pg|p|seite|s|página|pagina|pág|blatt|стр|страница|עמוד|صفحة|第|쪽)"
_OF: Final = r"(?:of|von|de|di|sur|из|מתוך|من|/|\||共)"
_PAGE_NUMBER: Final = re.compile(
    rf"[-–—~·•|\[(<]*\s*(?:{_PAGE_WORD}\.?:?\s*)?(?:(?:[a-z]|\d{{1,2}})[-–]|[a-z](?=\d))?(?P<number>\d{{1,4}}|[ivxlc]{{1,8}})"
    rf"(?:\s*[页頁]?\s*[,，]?\s*{_OF}\s*\d{{1,4}})?\s*[页頁쪽]?\s*[-–—~·•|\])>]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number that a heading begins with.

    Attributes:
        style: how it counts.
        depth: 1 for "3", 2 for "3.1"; 1 for chapters, letters and Roman numerals, 2 for what is below a chapter.
        end: where the text after it begins.
        sure: whether no sentence would begin like that: "3.1 Results", "Chapter 2", but not "3 apples", "I think".
    """

    style: NumberStyle
    depth: int
    end: int
    sure: bool


def numbering(text: str) -> Numbering | None:
    """The number at the start of a heading's text; None without."""
    start = text[:40]
    if found := _CHAPTER.match(start):
        return Numbering("chapter", 1, found.end(), sure=any(c.isdigit() for c in found[0]) or found[0][0] in "第제")
    if found := _SECTION.match(start):
        return Numbering("chapter", 2, found.end(), sure=True)
    if found := _DECIMAL.match(start) or _DENSE_DECIMAL.match(start):
        parts = [part for part in re.split(r"[.．]", found[1]) if part]
        pointed = found.lastindex == 2 and bool(found[2])
        return Numbering("decimal", len(parts), found.end(), sure=pointed or len(parts) > 1)
    if found := _ROMAN.match(start):
        return Numbering("roman", 1, found.end(), sure=found[0][len(found[1])] in ".:)")
    if found := _LETTER.match(start):
        return Numbering("letter", 1 + (found[2] or "").count("."), found.end(), sure=found[2] is not None)
    if found := _HAN_ITEM.match(start):
        return Numbering("letter" if found[0][0] in "（(" else "roman", 1, found.end(), sure=True)
    return None


def page_number(text: str) -> int | None:
    """The number of a text that says nothing but a page's number: "12", "- 12 -", "Page 3 of 9", "iv"; else None."""
    if len(text) > 40:
        return None
    found = _PAGE_NUMBER.fullmatch(text.strip())
    return _value(found["number"]) if found else None


def _value(number: str) -> int | None:
    if number.isdecimal():
        return int(number)
    # All capitals or none: "Mix" and "Di" are words.
    return roman(number.lower()) if number in (number.lower(), number.upper()) else None


def roman(text: str) -> int | None:
    """Value of a Roman numeral in small letters; None for anything else."""
    if not _ROMAN_NUMBER.fullmatch(text):
        return None
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
