"""Counts of one or many documents, and the rates they amount to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Self


@dataclass(slots=True)
class Tally:
    """What was counted; a tally of nothing is all zeros.

    Attributes:
        documents, missing: documents scored, and those of them without a prediction.
        text_documents: those with a text to compare; `character_rates` sums their own rates, each at most 1.
        edits, characters: character edits, and characters of the truth.
        word_edits, words, words_read, words_shared: the same for words; shared ones in any order.
        tokens, tokens_read, tokens_shared: words and punctuation marks.
        lines, lines_read, lines_matched: line boxes.
        line_words, line_words_read, line_words_shared: words of lines, shared inside matched lines.
        relations, relations_read, relations_shared: neighbouring cells of tables.
        facts, facts_met: unit tests of olmOCR-bench.
    """

    documents: int = 0
    missing: int = 0
    text_documents: int = 0
    character_rates: float = 0.0
    edits: int = 0
    characters: int = 0
    word_edits: int = 0
    words: int = 0
    words_read: int = 0
    words_shared: int = 0
    tokens: int = 0
    tokens_read: int = 0
    tokens_shared: int = 0
    lines: int = 0
    lines_read: int = 0
    lines_matched: int = 0
    line_words: int = 0
    line_words_read: int = 0
    line_words_shared: int = 0
    relations: int = 0
    relations_read: int = 0
    relations_shared: int = 0
    facts: int = 0
    facts_met: int = 0

    def __add__(self, other: Self) -> Self:
        names = [field.name for field in fields(self)]
        return type(self)(**{name: getattr(self, name) + getattr(other, name) for name in names})

    def summary(self) -> dict[str, float | None]:
        """Rates by their usual names; None where nothing was there to measure."""
        detection_precision = _rate(self.lines_matched, self.lines_read) or 0.0
        return {
            "docs": self.documents,
            "missing": self.missing,
            "CER": _rate(self.edits, self.characters),
            "CERdoc": _rate(self.character_rates, self.text_documents),
            "WER": _rate(self.word_edits, self.words),
            "BoW": _f1(self.words_shared, self.words, self.words_read),
            "tokF1": _f1(self.tokens_shared, self.tokens, self.tokens_read),
            "detP": detection_precision if self.lines else None,
            "detR": _rate(self.lines_matched, self.lines),
            "e2eF1": _f1(self.line_words_shared, self.line_words, self.line_words_read),
            "tabF1": _f1(self.relations_shared, self.relations, self.relations_read),
            "tests": _rate(self.facts_met, self.facts),
        }


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of many tallies."""
    return sum(tallies, Tally())


def _rate(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _f1(shared: int, wanted: int, found: int) -> float | None:
    return _rate(2 * shared, wanted + found)
