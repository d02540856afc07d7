"""Which paragraphs are captions, and of what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from quire.engines.vlm.parsing.flowing import flowing
from quire.engines.vlm.parsing.pieces import Piece

_NAMES_TABLE: Final = re.compile(r"(?:table|tab\.|tabelle|tableau|tabla|tabella|表)\s{0,3}[\dIVXA-Z]", re.IGNORECASE)
_NAMES_FIGURE: Final = re.compile(
    r"(?:figure|fig\.|abbildung|abb\.|figura|chart|plate|scheme|图|図|圖)\s{0,3}[\dIVXA-Z]", re.IGNORECASE
)
_LONGEST: Final = 600


def with_captions(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with paragraphs beside a table or figure that say what they name as captions."""
    result = [*pieces]
    for place, piece in enumerate(pieces):
        if piece.kind == "paragraph" and any(_names(piece, other) for other in _beside(pieces, place)):
            result[place] = replace(piece, kind="caption")
    return result


def caption_of(pieces: Sequence[Piece], place: int, taken: set[int]) -> int | None:
    """Index of the caption beside the table or figure at `place`: above a table if it can be, below a figure."""
    sides = (place - 1, place + 1) if pieces[place].kind == "table" else (place + 1, place - 1)
    near = [side for side in sides if 0 <= side < len(pieces) and side not in taken and pieces[side].kind == "caption"]
    fitting = [side for side in near if not _names_another(pieces[side], pieces[place])]
    return next((side for side in fitting if side == sides[0] or not _between(pieces, side)), None)


def captions_of(pieces: Sequence[Piece]) -> dict[int, str]:
    """Texts of captions by the index of the table or figure that they name."""
    taken: set[int] = set()
    result = {}
    for place, piece in enumerate(pieces):
        side = caption_of(pieces, place, taken) if piece.kind in ("table", "figure") else None
        if side is not None:
            taken.add(side)
            if pieces[side].text:
                result[place] = flowing(pieces[side].text.split("\n"))
    return result


def _between(pieces: Sequence[Piece], side: int) -> bool:
    """Whether a caption stands between two of a kind, so that it belongs to the one on its usual side."""
    return 0 < side < len(pieces) - 1 and pieces[side - 1].kind == pieces[side + 1].kind


def _beside(pieces: Sequence[Piece], place: int) -> list[Piece]:
    return [pieces[side] for side in (place - 1, place + 1) if 0 <= side < len(pieces)]


def _names(piece: Piece, other: Piece) -> bool:
    if len(piece.text) > _LONGEST or other.kind not in ("table", "figure"):
        return False
    return (_NAMES_TABLE if other.kind == "table" else _NAMES_FIGURE).match(piece.text) is not None


def _names_another(caption: Piece, piece: Piece) -> bool:
    return (_NAMES_FIGURE if piece.kind == "table" else _NAMES_TABLE).match(caption.text) is not None
