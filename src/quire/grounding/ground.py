"""The text of a page held against a second reading of the same page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from quire.document import Block, Grounding, Line, Word, WordRef
from quire.geometry import Quad, union_box
from quire.grounding.alignment import align
from quire.grounding.places import Support, supports
from quire.grounding.texts import Said, said_of, seen_of
from quire.grounding.verdict import is_supported, missing_lines, missing_words, shares


@dataclass(frozen=True, slots=True)
class Grounded:
    """A text with places.

    Attributes:
        lines: as they were said, one for one, now with words: box and confidence of each are those of what bears it
            out. A word that nothing bears out has its line's box and confidence 0; words of formulas and lone
            punctuation marks take the line's confidence. A line of which nothing was found keeps its box.
        placed: which lines have boxes that were seen, counted from 0.
    """

    lines: tuple[Line, ...]
    grounding: Grounding
    placed: frozenset[int]


def ground(said: Sequence[Line], seen: Sequence[Line], blocks: Sequence[Block] = ()) -> Grounded:
    """Finds every word of a text in a second reading of the page.

    Args:
        said: lines of the text in reading order. Their boxes are used only where nothing better is found.
        seen: lines with words of a reading that cannot invent, best in reading order too.
        blocks: of the text, whose `lines` count in `said`: formulas are not judged.
    """
    text, page = said_of(said, blocks), seen_of(seen)
    links = align(text, page)
    found = supports(text, page, links)
    missing = missing_words(page, links)
    lines, unsupported = _lines(said, text, found)
    score, supported, covered = shares(text, page, found, missing)
    placed = frozenset(text.words[word].line for word, support in found.items() if support.box is not None)
    judged = Grounding(score, supported, covered, tuple(unsupported), tuple(missing_lines(page, missing)))
    return Grounded(lines, judged, placed)


def _lines(lines: Sequence[Line], said: Said, found: Mapping[int, Support]) -> tuple[tuple[Line, ...], list[WordRef]]:
    numbers = {line: [*group] for line, group in groupby(range(len(said.words)), key=lambda k: said.words[k].line)}
    done = tuple(_line(line, said, numbers.get(place, []), found) for place, line in enumerate(lines))
    return done, [
        ref for place in range(len(lines)) for ref in _unsupported(place, said, numbers.get(place, []), found)
    ]


def _unsupported(line: int, said: Said, numbers: Sequence[int], found: Mapping[int, Support]) -> Iterator[WordRef]:
    for place, number in enumerate(numbers):
        if said.words[number].judged and number in found and not is_supported(found[number]):
            yield WordRef(line, place, said.words[number].text)


def _line(line: Line, said: Said, numbers: Sequence[int], found: Mapping[int, Support]) -> Line:
    """The line with its words; its confidence is that of its judged words, by their length."""
    boxes = [support.box for number in numbers if (support := found.get(number)) and support.box is not None]
    judged = [number for number in numbers if number in found and said.words[number].judged]
    letters = sum(len(said.words[number].text) for number in judged)
    trust = sum(len(said.words[number].text) * found[number].confidence for number in judged)
    confidence = trust / letters if letters else line.confidence
    box = union_box(boxes) if boxes else line.box
    words = tuple(_word(said, number, found.get(number), box, confidence) for number in numbers)
    return Line(line.text, box, confidence, words)


def _word(said: Said, number: int, support: Support | None, box: Quad, confidence: float) -> Word:
    text, _, judged = said.words[number]
    if support is None or (support.box is None and not judged):
        return Word(text, box, confidence)
    return Word(text, support.box or box, support.confidence if is_supported(support) or not judged else 0.0)
