"""Type on paper: widths in points, lines broken at a width, long words divided at their ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from quire.bench.drawing.fonts import Typeface, font_path
from quire.bench.extras import missing_extra

_VOWELS: Final = "aeiouy"
_DIVISIBLE: Final = re.compile(r"[A-Za-z]{7,}[.,;:]?$")


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set.

    Attributes:
        size, leading: points.
        align: "justified" divides words and fills lines.
    """

    face: Typeface
    size: float
    leading: float
    bold: bool = False
    align: str = "left"

    def sized(self, times: float, *, bold: bool = False, align: str = "left") -> Style:
        """The same typeface larger or smaller."""
        size = round(self.size * times, 1)
        return replace(self, size=size, leading=round(1.2 * size, 1), bold=bold, align=align)

    @property
    def font(self) -> str:
        """Name of the font, known to reportlab."""
        return registered(self.face, self.bold)

    def width(self, text: str) -> float:
        """Points from the first letter's left edge to the last one's right edge."""
        from reportlab.pdfbase.pdfmetrics import stringWidth

        return float(stringWidth(text, self.font, self.size))


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line: its words as they stand there, and whether the last one goes on in the next line."""

    words: tuple[str, ...]
    divided: bool

    @property
    def shown(self) -> tuple[str, ...]:
        """The words with the hyphen that is printed."""
        return (*self.words[:-1], self.words[-1] + "-") if self.divided else self.words


@lru_cache(maxsize=64)
def registered(face: Typeface, bold: bool) -> str:
    """Makes a font known to reportlab.

    Raises:
        CapabilityMissing: the extra for the benchmark is not installed.
    """
    try:
        from reportlab.pdfbase.pdfmetrics import registerFont
        from reportlab.pdfbase.ttfonts import TTFont
    except ImportError as exc:
        raise missing_extra(exc) from exc
    name = f"{face.name}-Bold" if bold else face.name
    registerFont(TTFont(name, str(font_path(face, bold=bold))))
    return name


def broken(words: Sequence[str], width: float, style: Style) -> Iterator[SetLine]:
    """Lines no wider than `width` points, unless one word alone is."""
    waiting = list(reversed(words))
    line: list[str] = []
    while waiting:
        word = waiting.pop()
        if not line or style.width(" ".join([*line, word])) <= width:
            line.append(word)
            continue
        parts = _division(line, word, width, style) if style.align == "justified" else None
        if parts is None:
            waiting.append(word)
            yield SetLine(tuple(line), False)
        else:
            waiting.append(parts[1])
            yield SetLine((*line, parts[0]), True)
        line = []
    if line:
        yield SetLine(tuple(line), False)


def _division(line: Sequence[str], word: str, width: float, style: Style) -> tuple[str, str] | None:
    """The longest first part of a word that fits at the line's end, and the rest."""
    if not _DIVISIBLE.match(word):
        return None
    for place in range(len(word) - 3, 2, -1):
        vowel_before, vowel, vowel_after = (word[at].lower() in _VOWELS for at in (place - 1, place, place + 1))
        divides = vowel_after and not vowel and (vowel_before or word[place - 2].lower() in _VOWELS)
        if divides and style.width(" ".join([*line, word[:place] + "-"])) <= width:
            return word[:place], word[place:]
    return None
