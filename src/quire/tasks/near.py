"""Approximate search: where a pattern stands with a few letters wrong, missing or too many.

Myers' bit-parallel algorithm (A fast bit-vector algorithm for approximate string matching, JACM 1999), whose words are
Python's integers: one step a letter of the text, however long the pattern is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

_MOST_TRIED: Final = 2000


class Near(NamedTuple):
    """A stretch of text, `end` exclusive, and how many edits make it the pattern."""

    start: int
    end: int
    distance: int


def near_matches(text: str, pattern: str, most: int, busy: bytearray) -> list[Near]:
    """Stretches within `most` edits of the pattern that share no letter with each other, the nearest first.

    Args:
        most: edits allowed; with 0 nothing is looked for.
        busy: one byte for each letter of the text, 1 where nothing may be found; what is found is marked in it.
    """
    if most < 1 or len(text) < len(pattern) - most:
        return []
    distances = list(_distances(text, pattern, anchored=False))
    ends = [end for end, distance in enumerate(distances, 1) if distance <= most and not busy[end - 1]]
    ends = [end for end in ends if _is_lowest(distances, end)]
    tried = sorted(ends, key=lambda end: distances[end - 1])[:_MOST_TRIED]
    candidates = [Near(_start(text, pattern, end, most), end, distances[end - 1]) for end in tried]
    found = []
    for near in sorted(candidates, key=lambda near: (near.distance, abs(near.end - near.start - len(pattern)))):
        if not any(busy[near.start : near.end]):
            busy[near.start : near.end] = b"\x01" * (near.end - near.start)
            found.append(near)
    return found


def _is_lowest(distances: list[int], end: int) -> bool:
    """Whether neither neighbour ends nearer: a match's end and the letters beside it are all within reach."""
    around = distances[max(0, end - 2) : end + 1]
    return distances[end - 1] == min(around)


def _start(text: str, pattern: str, end: int, most: int) -> int:
    """Where the best match that ends there begins; the one most like the pattern in length when several are."""
    before = text[max(0, end - len(pattern) - most) : end][::-1]
    lengths = enumerate(_distances(before, pattern[::-1], anchored=True), 1)
    length, _ = min(lengths, key=lambda one: (one[1], abs(one[0] - len(pattern))))
    return end - length


def _distances(text: str, pattern: str, *, anchored: bool) -> Iterator[int]:
    """For each end in the text, the edits between the pattern and what ends there.

    Args:
        anchored: count from the text's start; else from wherever is best.
    """
    size = len(pattern)
    full, top = (1 << size) - 1, 1 << (size - 1)
    masks: dict[str, int] = {}
    for place, letter in enumerate(pattern):
        masks[letter] = masks.get(letter, 0) | 1 << place
    plus, minus, score = full, 0, size
    for letter in text:
        equal = masks.get(letter, 0)
        vertical = equal | minus
        diagonal = (((equal & plus) + plus) ^ plus) | equal
        up = minus | ~(diagonal | plus) & full
        down = plus & diagonal
        if up & top:
            score += 1
        elif down & top:
            score -= 1
        up = up << 1 | anchored
        down <<= 1
        plus = (down | ~(vertical | up)) & full
        minus = up & vertical & full
        yield score
