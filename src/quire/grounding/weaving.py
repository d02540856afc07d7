"""Two short sequences of atoms woven into one: the pairs that read alike, in the order of both.

Needleman and Wunsch (1970) in a band around the diagonal, with pairs of one atom and several: readers part and join
words differently.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from quire.grounding.likeness import likeness
from quire.grounding.links import Gap, Link

# What a pair may join, in the order they are tried: atoms of the text, atoms of the reading.
_SHAPES: Final = ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (1, 4))
_LEAST_JOINED: Final = 0.8


def weave(said: Sequence[str], seen: Sequence[str], gap: Gap, most_cells: int) -> list[Link]:
    """The links of a gap with the most letters alike, in order.

    Args:
        most_cells: bound of the work; a gap with more is looked at near its diagonal alone.
    """
    rows, columns = gap.said_end - gap.said_start, gap.seen_end - gap.seen_start
    # A band as wide as a row's step along the diagonal holds together.
    half = max(2, columns // rows + 1, most_cells // (2 * rows)) if rows * columns > most_cells else columns
    best: list[dict[int, float]] = [dict.fromkeys(_band(0, rows, columns, half), 0.0)]
    steps: dict[tuple[int, int], tuple[int, int, float]] = {}
    for row in range(1, rows + 1):
        scores: dict[int, float] = {}
        best.append(scores)
        for column in _band(row, rows, columns, half):
            score, step = best[row - 1].get(column, 0.0), (1, 0, 0.0)
            if (left := scores.get(column - 1, 0.0)) > score:
                score, step = left, (0, 1, 0.0)
            for width, height, alike, gain in _pairs(said, seen, gap, row, column):
                before = best[row - width].get(column - height)
                if before is not None and before + gain > score:
                    score, step = before + gain, (width, height, alike)
            scores[column] = score
            steps[row, column] = step
    return _links(steps, gap, rows, columns)


def _band(row: int, rows: int, columns: int, half: int) -> range:
    middle = row * columns // rows
    # The last row must reach the corner that the way back starts from.
    return range(max(0, middle - half), min(columns, middle + half) + 1)


def _pairs(
    said: Sequence[str], seen: Sequence[str], gap: Gap, row: int, column: int
) -> Iterator[tuple[int, int, float, float]]:
    """Pairs that end before a cell: atoms on both sides, likeness, and letters gained."""
    i, j = gap.said_start + row, gap.seen_start + column
    for width, height in _SHAPES:
        if width > row or height > column:
            continue
        if width == height:
            first, second = said[i - 1], seen[j - 1]
        elif width == 1:
            first, second = said[i - 1], _end(seen, j, height, said[i - 1])
        else:
            first, second = _end(said, i, width, seen[j - 1]), seen[j - 1]
        alike = likeness(first, second) if first and second else 0.0
        if alike and (width == height or alike >= _LEAST_JOINED):
            # A word in one piece is preferred to the same letters in several.
            yield width, height, alike, alike * (1 + len(first)) - 0.1 * (width + height)


def _end(keys: Sequence[str], end: int, count: int, whole: str) -> str:
    """`count` atoms as one word; empty where their length rules it out."""
    if len(keys[end - 1]) >= len(whole):
        return ""
    parts = keys[end - count : end]
    # Commas between thousands are lost where a number is read in pieces.
    slack = 1 + whole.count(",")
    return "".join(parts) if abs(sum(map(len, parts)) - len(whole)) <= slack else ""


def _links(steps: dict[tuple[int, int], tuple[int, int, float]], gap: Gap, rows: int, columns: int) -> list[Link]:
    found = []
    row, column = rows, columns
    while row and column:
        width, height, alike = steps.get((row, column), (1, 0, 0.0))
        if alike:
            i, j = gap.said_start + row, gap.seen_start + column
            found.append(Link(i - width, i, j - height, j, alike))
        row, column = row - width, column - height
    return found[::-1]
