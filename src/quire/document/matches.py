"""Where a text that was looked for stands on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quire.geometry import Quad


@dataclass(frozen=True, slots=True)
class Match:
    """One place of a text that was looked for.

    Attributes:
        text: as it stands on the page.
        boxes: around the words that hold it, one a line, in reading order.
        score: 1 for an exact match, less the more letters differ.
        lines: indices into the page's lines, one a box.
    """

    text: str
    boxes: tuple[Quad, ...]
    score: float
    lines: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "boxes": list(self.boxes),
            "score": round(self.score, 4),
            "lines": list(self.lines),
        }
