"""Whether blocks are what they are said to be, word by word: how a page is cut into blocks makes no difference."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from quire.bench.scoring.counts import Counts
from quire.bench.scoring.text import normalized, tokens

Labelled = tuple[str, str]
"""A block's kind and text."""


def score_kinds(truth: Iterable[Labelled], read: Iterable[Labelled]) -> dict[str, Counts]:
    """For each kind the words that both call so, those that are, and those that were said to be."""
    wanted, found = _words(truth), _words(read)
    return {
        kind: Counts((wanted[kind] & found[kind]).total(), wanted[kind].total(), found[kind].total())
        for kind in sorted({*wanted, *found})
    }


def _words(blocks: Iterable[Labelled]) -> defaultdict[str, Counter[str]]:
    words: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for kind, text in blocks:
        words[kind].update(tokens(normalized(text, ignore_case=True)))
    return words
