"""Comparing the headings of a document: by their text, and how deep they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from quire.bench.scoring.counts import Counts
from quire.bench.scoring.text import edit_distance, normalized

_ALIKE: Final = 0.9


class Heading(NamedTuple):
    """A heading or title: `depth` is 0 for a title, else the level."""

    text: str
    depth: int


def score_headings(truth: Sequence[Heading], read: Sequence[Heading]) -> Counts:
    """Headings in common: texts at least 90% alike and depths at most one apart, each matched once."""
    free = [_plain(heading) for heading in read]
    matched = 0
    for wanted in map(_plain, truth):
        found = next((place for place, heading in enumerate(free) if _alike(wanted, heading)), None)
        if found is not None:
            del free[found]
            matched += 1
    return Counts(matched, len(truth), len(read))


def _plain(heading: Heading) -> Heading:
    return Heading(normalized(heading.text, ignore_case=True), heading.depth)


def _alike(first: Heading, second: Heading) -> bool:
    if abs(first.depth - second.depth) > 1:
        return False
    longest = max(len(first.text), len(second.text), 1)
    if min(len(first.text), len(second.text)) < _ALIKE * longest:
        return False
    return 1 - edit_distance(first.text, second.text) / longest >= _ALIKE
