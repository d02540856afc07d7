"""What neither bears out the other: words that nobody else saw, words that were left out, and how much agrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from quire.document import Line, Word
from quire.geometry import union_box
from quire.grounding.atoms import Atom, is_number
from quire.grounding.links import Links
from quire.grounding.places import Support
from quire.grounding.texts import Said, Seen

_LEAST_SHARE: Final = 0.7
"""Of a word's letters that must be borne out."""

_LEAST_CONFIDENCE: Final = 0.5
"""What was seen with less says nothing: specks and pictures look like letters too."""


class Shares(NamedTuple):
    """How much agrees, each 0 to 1: of both texts, of the text in question, of what was seen."""

    score: float
    supported: float
    found: float


def is_supported(support: Support) -> bool:
    """Whether enough of a word is borne out."""
    return support.share >= _LEAST_SHARE


def missing_words(seen: Seen, links: Links) -> set[int]:
    """Numbers of seen words that the text does not have."""
    total: Counter[int] = Counter()
    absent: Counter[int] = Counter()
    numbers: set[int] = set()
    for atom, link in zip(seen.atoms, links.seen_link, strict=True):
        total[atom.word] += len(atom.key)
        if link is None:
            absent[atom.word] += len(atom.key)
            # One number that is not there makes the whole word missing, such as a date's.
            numbers |= {atom.word} if is_number(atom.key) else set()
    return {
        word
        for word, letters in absent.items()
        if (word in numbers or letters > (1 - _LEAST_SHARE) * total[word])
        and seen.words[word].word.confidence >= _LEAST_CONFIDENCE
    }


def missing_lines(seen: Seen, missing: Collection[int]) -> Iterator[Line]:
    """The missing words as lines: those that follow each other on a line are one, with the marks between them."""
    run: list[Word] = []
    compared = {atom.word for atom in seen.atoms}
    line = None
    for number, (word, at) in enumerate(seen.words):
        if run and (at != line or (number in compared and number not in missing)):
            yield _line(run)
            run = []
        if number in missing or (run and number not in compared):
            run.append(word)
        line = at
    if run:
        yield _line(run)


def shares(said: Said, seen: Seen, supports: Mapping[int, Support], missing: Collection[int]) -> Shares:
    """Dice's coefficient of letters and digits, and its two sides; formulas are not counted."""
    judged = {word: support for word, support in supports.items() if said.words[word].judged}
    spoken = _letters(said.atoms, judged)
    borne = _letters(said.atoms, {word for word, support in judged.items() if is_supported(support)})
    firm = {atom.word for atom in seen.atoms if seen.words[atom.word].word.confidence >= _LEAST_CONFIDENCE}
    shown = _letters(seen.atoms, firm)
    found = _letters(seen.atoms, firm - set(missing))
    both = spoken + shown
    return Shares(
        (borne + found) / both if both else 1.0, borne / spoken if spoken else 1.0, found / shown if shown else 1.0
    )


def _letters(atoms: Sequence[Atom], words: Collection[int]) -> int:
    return sum(len(atom.key) for atom in atoms if atom.word in words)


def _line(words: Sequence[Word]) -> Line:
    confidence = sum(word.confidence for word in words) / len(words)
    text = " ".join(word.text for word in words)
    return Line(text, union_box(word.box for word in words), confidence, tuple(words))
