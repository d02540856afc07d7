"""How sure the reading of a page is, as Mistral tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

Json = dict[str, Any]

_AHEAD: Final = 5000
"""Characters in which the next word is looked for."""


def page_scores(page: Mapping[str, Any], markdown: str, *, words: bool) -> Json:
    """Of a page, with or without its words.

    Args:
        page: `Page.to_dict()`.
        markdown: what is told of the page, in which the words are placed.
    """
    lines = page["lines"]
    if not words:
        return _summary([line["confidence"] for line in lines] or [1.0], "page")
    found = [word for line in lines for word in line["words"] or [line]]
    told = _summary([word["confidence"] for word in found] or [1.0], "page")
    return told | {"word_confidence_scores": [*_placed(found, markdown)]}


def block_scores(page: Mapping[str, Any], block: Mapping[str, Any]) -> Json | None:
    """Of one of its blocks; None where it has no lines."""
    scores = [page["lines"][index]["confidence"] for index in block["lines"]]
    return _summary(scores, "content") if scores else None


def _summary(scores: Sequence[float], of: str) -> Json:
    return {
        f"average_{of}_confidence_score": round(sum(scores) / len(scores), 4),
        f"minimum_{of}_confidence_score": min(scores),
    }


def _placed(words: Sequence[Mapping[str, Any]], markdown: str) -> Iterator[Json]:
    """The words that stand in the Markdown as they are, with where they begin."""
    seen = 0
    for word in words:
        start = markdown.find(word["text"], seen, seen + len(word["text"]) + _AHEAD)
        if start >= 0:
            seen = start + len(word["text"])
            yield {"text": word["text"], "confidence": word["confidence"], "start_index": start}
