"""How far a page's text is borne out by a second reading that cannot invent: text recognition line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quire.document.text import Line


@dataclass(frozen=True, slots=True)
class WordRef:
    """A word of the page: `line` counts in the page's lines, `word` in that line's words, both from 0."""

    line: int
    word: int
    text: str

    def to_dict(self) -> dict[str, Any]:
        return {"line": self.line, "word": self.word, "text": self.text}


@dataclass(frozen=True, slots=True)
class Grounding:
    """What of a page's text was seen by the second reading too. Formulas are not judged.

    Attributes:
        score: 0 to 1, of the letters and digits that either reading has, how many both have: 1 for the same text, near
            0 for text that has nothing to do with the page.
        supported: share of what the page says that was seen too; low where text was invented or repeated.
        found: share of what was seen that the page says too; low where text was left out.
        unsupported: words that nobody else saw where they stand, in reading order.
        missing: what was seen and is not in the text; each is one run of words of one line, with its box.
    """

    score: float
    supported: float
    found: float
    unsupported: tuple[WordRef, ...] = ()
    missing: tuple[Line, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "score": round(self.score, 4),
            "supported": round(self.supported, 4),
            "found": round(self.found, 4),
            "unsupported": [word.to_dict() for word in self.unsupported],
            "missing": [line.to_dict() for line in self.missing],
        }
