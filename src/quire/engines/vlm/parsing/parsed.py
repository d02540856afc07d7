"""What was understood of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from quire.document import Block, Figure, Line, Match, Table

UNKNOWN_CONFIDENCE: Final = 0.5
"""Of every line: a model does not say how sure it is. Grounding puts a measured one in its place."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a model said of a page, boxes in pixels of the page (or of the part that it was shown).

    Attributes:
        lines: each belongs to exactly one block, unless there are no blocks at all: then the model gave lines with
            boxes and the layout is to be found by geometry. Their confidence is `UNKNOWN_CONFIDENCE`; their words
            are empty; boxes that the model did not give are shares of the block's or page's, one below the other.
        figures: their ids are "f1", "f2" …: unique on the page only.
        matches: places of a text that was looked for; their `lines` count in `lines`.
        answers: the task that the model answered; None where it read the page (or the part).
        warnings: stable sentences on what had to be repaired or guessed; none of them quotes the page.
        valid: whether the answer has the form it should have: if not, asking again may help, and what could be
            understood is here all the same.
    """

    lines: tuple[Line, ...] = ()
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    matches: tuple[Match, ...] = ()
    answers: str | None = None
    warnings: tuple[str, ...] = ()
    valid: bool = True
