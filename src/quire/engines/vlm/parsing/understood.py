"""What a parser returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quire.engines.vlm.parsing.pieces import Piece


@dataclass(frozen=True, slots=True)
class Understood:
    """Pieces in reading order; `warnings` and `valid` as in `Parsed`."""

    pieces: Sequence[Piece]
    warnings: tuple[str, ...] = ()
    valid: bool = True
