"""Document → what `task=locate` found: one match a line, for people and for tools that read columns."""

from __future__ import annotations

from quire.document import Document, Match
from quire.document.escaping import clean
from quire.geometry import Quad, bounds


def to_matches(document: Document) -> str:
    """`page:x0,y0,x1,y1<TAB>score<TAB>text`, a line for each match; of a match over lines, boxes are parted by `;`.

    Boxes are upright, whole pixels.
    """
    return "".join(_row(page.number, match) for page in document.pages for match in page.matches)


def _row(number: int, match: Match) -> str:
    boxes = ";".join(map(_box, match.boxes))
    return f"{number}:{boxes}\t{match.score:.2f}\t{' '.join(clean(match.text).split())}\n"


def _box(quad: Quad) -> str:
    return ",".join(str(round(value)) for value in bounds([quad]))
