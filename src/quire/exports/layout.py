"""Document → plain text that looks like the page: what stands in columns there stands in columns here.

As `pdftotext -layout` does it, the page becomes a grid of characters: words keep their row and their column.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import Final, NamedTuple

from quire.document import Document, Page, Word
from quire.document.escaping import clean
from quire.exports.placed import words_of

_MOST_COLUMNS: Final = 400
_MOST_EMPTY_ROWS: Final = 2
_SAMPLE: Final = 2000
_APART: Final = 2.0
"""In letters: a wider gap is more than a space."""


class _Piece(NamedTuple):
    """A word turned straight; pixels."""

    middle: float
    height: float
    x: float
    width: float
    text: str


def to_layout(document: Document) -> str:
    """Text of all pages on their grids, each ended by a newline and parted by form feeds."""
    return "\f".join(f"{page_layout(page)}\n" for page in document.pages)


def page_layout(page: Page) -> str:
    """The page as rows of characters, at most 400 columns of them unless a row's own text is wider."""
    pieces = _pieces(page)
    if not pieces:
        return ""
    letter = _letter_width(pieces, page.width)
    left = min(piece.x for piece in pieces)
    return "\n".join(_spaced(_rows(pieces), letter, left))


def _pieces(page: Page) -> list[_Piece]:
    angle = -math.radians(page.skew_degrees)
    sin, cos = math.sin(angle), math.cos(angle)
    words = (word for line in page.lines for word in words_of(line))
    return [_straight(word, text, sin, cos) for word in words if (text := " ".join(clean(word.text).split()))]


def _straight(word: Word, text: str, sin: float, cos: float) -> _Piece:
    xs = [x * cos - y * sin for x, y in word.box]
    ys = [x * sin + y * cos for x, y in word.box]
    return _Piece((min(ys) + max(ys)) / 2, max(ys) - min(ys), min(xs), max(xs) - min(xs), text)


def _letter_width(pieces: Sequence[_Piece], page_width: int) -> float:
    """Pixels a column: what half of the words need to keep their places, but no more columns than there may be."""
    widths = [piece.width / _columns(piece.text) for piece in pieces[:_SAMPLE]]
    return max(median(widths), page_width / _MOST_COLUMNS, 0.1)


def _rows(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces side by side are a row: those whose middle lies within half the row's first piece."""
    row: list[_Piece] = []
    for piece in sorted(pieces):
        if row and piece.middle - row[0].middle > 0.5 * min(row[0].height, piece.height):
            yield row
            row = []
        row.append(piece)
    yield row


def _spaced(rows: Iterable[list[_Piece]], letter: float, left: float) -> Iterator[str]:
    """The rows as text, with empty ones where the page has room for them."""
    before: _Piece | None = None
    for row in rows:
        first = row[0]
        if before is not None:
            gap = (first.middle - before.middle) / max(before.height, first.height, 1.0)
            yield from [""] * min(_MOST_EMPTY_ROWS, max(0, round(gap / 1.3) - 1))
        yield _row_text(row, letter, left)
        before = first


def _row_text(row: Iterable[_Piece], letter: float, left: float) -> str:
    parts: list[str] = []
    at, end = 0, -math.inf
    for piece in sorted(row, key=lambda piece: piece.x):
        column = min(_MOST_COLUMNS, round((piece.x - left) / letter))
        # Words of a sentence keep together; only what stands apart is put into its column.
        apart = piece.x - end > _APART * letter
        padding = max(column - at, 1 if parts else 0) if apart else 1
        parts.append(" " * padding + piece.text)
        at += padding + _columns(piece.text)
        end = piece.x + piece.width
    return "".join(parts)


def _columns(text: str) -> int:
    """How many columns the text takes: ideographs and the like take two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
