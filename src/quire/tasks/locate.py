"""Where a text stands on a page: to the letter, nearly, or as a regular expression says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

import regex

from quire.document import Line, Match
from quire.document.flow import joined
from quire.errors import InvalidOption
from quire.tasks.folding import Folded, folded, needle_of
from quire.tasks.near import near_matches
from quire.tasks.places import part_of_line

MOST_MATCHES: Final = 1000
_EXPRESSION_S: Final = 1.0
_MOST_OFF: Final = 0.2


class Found(NamedTuple):
    """A stretch of the page's letters, `end` exclusive; places are (line, letter of its text)."""

    places: tuple[tuple[int, int], ...]
    score: float


def locate(lines: Sequence[Line], wanted: str, *, expression: bool = False) -> tuple[Match, ...]:
    """The places of a text, in reading order, at most 1,000.

    A text is found whatever its case, spaces, line breaks and the shape of its quotes, dashes and ligatures, and where
    up to a fifth of its letters differ; of places that overlap, the best counts. An expression is matched as it is,
    with a newline between lines.

    Args:
        lines: in reading order.

    Raises:
        InvalidOption: the expression takes too long.
    """
    found = _by_expression(lines, wanted) if expression else _by_letters(lines, wanted)
    in_order = sorted(found, key=lambda one: one.places[0])
    return tuple(_match(lines, one) for one in in_order[:MOST_MATCHES])


def _by_expression(lines: Sequence[Line], pattern: str) -> list[Found]:
    places = [(row, column) for row, line in enumerate(lines) for column in range(len(line.text) + 1)]
    text = "\n".join(line.text for line in lines)
    found = []
    try:
        # Without the interpreter's lock, so that a slow expression keeps nothing else waiting.
        for one in regex.compile(pattern, regex.MULTILINE).finditer(text, concurrent=True, timeout=_EXPRESSION_S):
            letters = tuple(places[at] for at in range(*one.span()) if text[at] != "\n")
            if letters:
                found.append(Found(letters, 1.0))
            if len(found) == MOST_MATCHES:
                break
    except TimeoutError as exc:
        raise InvalidOption("option 'find': the expression takes too long: make it simpler") from exc
    return found


def _by_letters(lines: Sequence[Line], wanted: str) -> list[Found]:
    """Exact places first; then those that differ in a few letters, where nothing better is."""
    needle = needle_of(wanted)
    if not needle:
        return []
    whole, hyphenated = folded(lines, mended=True), folded(lines, mended=False)
    found = [Found(whole.places[start : start + len(needle)], 1.0) for start in _starts(whole.text, needle)]
    if hyphenated.text != whole.text:
        taken = {place for one in found for place in one.places}
        exact = (hyphenated.places[start : start + len(needle)] for start in _starts(hyphenated.text, needle))
        found += [Found(places, 1.0) for places in exact if not taken.intersection(places)]
    return (found + _nearly(whole, needle, found))[:MOST_MATCHES]


def _nearly(text: Folded, needle: str, exact: Sequence[Found]) -> list[Found]:
    taken = {place for one in exact for place in one.places}
    busy = bytearray(place in taken for place in text.places)
    return [
        Found(text.places[near.start : near.end], 1 - near.distance / len(needle))
        for near in near_matches(text.text, needle, int(_MOST_OFF * len(needle)), busy)
    ]


def _starts(text: str, needle: str) -> Iterator[int]:
    """Where the needle stands in the text, without overlaps."""
    start = text.find(needle)
    while start >= 0:
        yield start
        start = text.find(needle, start + len(needle))


def _match(lines: Sequence[Line], found: Found) -> Match:
    text, boxes, rows = "", [], []
    for row, places in groupby(found.places, key=lambda place: place[0]):
        columns = [column for _, column in places]
        start, end = columns[0], columns[-1] + 1
        text = joined(text, lines[row].text[start:end])
        boxes.append(part_of_line(lines[row], start, end))
        rows.append(row)
    return Match(text, tuple(boxes), found.score, tuple(rows))
