"""A font for text that is found, selected and copied, and never seen.

Every character that a document uses gets a code, and a ToUnicode map says what it is. All codes show one empty glyph,
half an em wide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from quire.exports.pdf.truetype import ADVANCE, ASCENT, DESCENT, empty_font

_MOST_CODES: Final = 0xFFF0
_REPLACEMENT: Final = "\ufffd"
_MAPPED_AT_ONCE: Final = 100
"""A block of a CMap holds no more."""

_NAME: Final = Name("/QuireGlyphless")


class GlyphlessFont:
    """Codes for the characters of one document."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {_REPLACEMENT: 1}

    def encoded(self, text: str) -> str:
        """The text as a PDF's hexadecimal string, without its brackets."""
        return "".join(map(self._code, text))

    def _code(self, letter: str) -> str:
        code = self._codes.get(letter)
        if code is None:
            known = not "\ud800" <= letter <= "\udfff" and len(self._codes) < _MOST_CODES
            code = self._codes[letter] = len(self._codes) + 1 if known else 1
        return f"{code:04X}"

    def add_to(self, pdf: Pdf) -> pikepdf.Object:
        """Puts the font into a PDF, with all codes that were given."""
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=_NAME,
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(self._descendant(pdf))]),
                ToUnicode=pdf.make_stream(self._to_unicode()),
            )
        )

    def _descendant(self, pdf: Pdf) -> Dictionary:
        glyphs = pdf.make_stream(b"\0\0" + b"\0\1" * len(self._codes))
        return Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=_NAME,
            CIDSystemInfo=Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
            ),
            FontDescriptor=pdf.make_indirect(_descriptor(pdf)),
            DW=ADVANCE,
            CIDToGIDMap=glyphs,
        )

    def _to_unicode(self) -> bytes:
        blocks = "".join(self._blocks())
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{blocks}"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")

    def _blocks(self) -> Iterator[str]:
        rows = [
            f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>\n"
            for place, (letter, code) in enumerate(self._codes.items(), start=1)
            if code == place
        ]
        for start in range(0, len(rows), _MAPPED_AT_ONCE):
            block = rows[start : start + _MAPPED_AT_ONCE]
            yield f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n"


def _descriptor(pdf: Pdf) -> Dictionary:
    file = empty_font()
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=_NAME,
        Flags=4,
        FontBBox=Array([0, DESCENT, ADVANCE, ASCENT]),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=DESCENT,
        CapHeight=ASCENT,
        StemV=80,
        FontFile2=pdf.make_stream(file, Length1=len(file)),
    )
