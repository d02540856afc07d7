"""Words, lines, and links on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quire.geometry import Quad


@dataclass(frozen=True, slots=True)
class Word:
    """One word: letters between spaces, or one ideograph run of a script that has none."""

    text: str
    box: Quad
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        return {"text": self.text, "box": self.box, "confidence": round(self.confidence, 4)}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in one reading direction.

    Attributes:
        box: as it was found: as high as its font, or with some air around its letters.
        words: empty when they were not asked for.
        ink: the part of the box that its letters fill; None where nothing measured it, as in a model's answer.
    """

    text: str
    box: Quad
    confidence: float
    words: tuple[Word, ...] = ()
    ink: Quad | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "box": self.box,
            "ink": self.ink,
            "confidence": round(self.confidence, 4),
            "words": [word.to_dict() for word in self.words],
        }


@dataclass(frozen=True, slots=True)
class Link:
    """An area of a PDF page that leads to an address: http, https or mailto, and nothing else."""

    url: str
    box: Quad

    def to_dict(self) -> dict[str, Any]:
        return {"url": self.url, "box": self.box}
