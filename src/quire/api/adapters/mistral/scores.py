"""How sure the reading of a page is, as Mistral tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from quire.api.adapters.lean import LeanPage, Line, Word

Json = dict[str, Any]

_AHEAD: Final = 5000
"""Characters in which the next word is looked for."""


def page_scores(page: LeanPage, markdown: str, *, words: bool) -> Json:
    """Of a page, with or without its words.

    Args:
        markdown: what is told of the page, in which the words are placed.
    """
    lines = page.lines
    if not words:
        return _summary([line.confidence for line in lines] or [1.0], "page")
    found: list[Word | Line] = []
    for line in lines:
        found += line.words or [line]
    told = _summary([word.confidence for word in found] or [1.0], "page")
    return told | {"word_confidence_scores": [*_placed(found, markdown)]}


def block_scores(page: LeanPage, block: Mapping[str, Any]) -> Json | None:
    """Of one of its blocks; None where it has no lines."""
    scores = [page.lines[index].confidence for index in block["lines"]]
    return _summary(scores, "content") if scores else None


def _summary(scores: Sequence[float], of: str) -> Json:
    return {
        f"average_{of}_confidence_score": round(sum(scores) / len(scores), 4),
        f"minimum_{of}_confidence_score": min(scores),
    }


def _placed(words: Sequence[Word | Line], markdown: str) -> Iterator[Json]:
    """The words that stand in the Markdown as they are, with where they begin."""
    seen = 0
    for word in words:
        start = markdown.find(word.text, seen, seen + len(word.text) + _AHEAD)
        if start >= 0:
            seen = start + len(word.text)
            yield {"text": word.text, "confidence": word.confidence, "start_index": start}
