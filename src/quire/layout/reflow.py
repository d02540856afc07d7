"""Running text out of a paragraph's rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from quire.document.flow import joined
from quire.layout.sheet import Row

# Room between words, and how far a line may fall short of the margin, in line heights.
_SPACE = 0.3
_RAGGED = 0.5
# So many rows tell where their margin is; fewer may all be short.
_TELLING_ROWS = 4
_MAX_INDENT = 80


def reflowed(rows: Sequence[Row], limit: float) -> str:
    """The rows' text: a break stays where the next row's first word would still have fitted on the row.

    Args:
        limit: x where the column ends, pixels; a paragraph of some rows has an edge of its own.
    """
    if not rows:
        return ""
    right = max(row.x1 for row in rows)
    if len(rows) < _TELLING_ROWS and not _centred(rows):
        right = max(right, limit)
    # Joined row by row: a page may be one paragraph of thousands.
    parts = [rows[0].text.strip()]
    for above, below in pairwise(rows):
        line = below.text.strip()
        whole = f"{parts[-1]}\n{line}" if _meant(above, below, right) else joined(parts[-1], line)
        parts[-1:] = [whole[: len(whole) - len(line)], line]
    return "".join(parts)


def _meant(above: Row, below: Row, right: float) -> bool:
    """Whether somebody broke the line there; a word that is split says that nobody did."""
    if above.text.rstrip().endswith(("-", "\u00ad", "\u2010")):
        return False
    height = median((above.height, below.height))
    return above.x1 + _SPACE * height + below.lead < right - _RAGGED * height


def _centred(rows: Sequence[Row]) -> bool:
    """Whether rows of different length stand on one axis."""
    height = rows[0].height
    axis = [(row.x0 + row.x1) / 2 for row in rows]
    lefts = [row.x0 for row in rows]
    return max(axis) - min(axis) < height and max(lefts) - min(lefts) > height


def with_indents(rows: Sequence[Row], left: float) -> str:
    """Rows of letters of one width, one below the other, set in by spaces as they are on the page.

    Args:
        left: x where the column begins, pixels.
    """
    letter = median((row.x1 - row.x0) / max(1, len(row.text)) for row in rows)
    return "\n".join(" " * _spaces(row.x0 - left, letter) + row.text.rstrip() for row in rows)


def _spaces(room: float, letter: float) -> int:
    return max(0, min(_MAX_INDENT, round(room / max(letter, 1.0))))
