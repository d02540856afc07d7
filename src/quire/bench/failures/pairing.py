"""Unlike words, each with the one that it was misread as, by the fewest wrong letters (dynamic programming)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

_MOST_CELLS: Final = 60_000
"""Words of the truth times words read; where there are more, nothing is paired."""
_MOST_WRONG: Final = 0.5
_MOST_WRONG_OF_TWO: Final = 0.25
"""Share of wrong letters of a word that may be a misreading of another; of two that were joined or torn apart."""
_NEVER: Final = 1_000_000
_STEPS: Final = ((1, 1), (2, 1), (1, 2), (1, 0), (0, 1))
"""Words of the truth, and words read, that are taken together: one misread, two joined, one torn apart, one alone."""

_Costs = NDArray[np.int64]


class Pair(NamedTuple):
    """Words that go together, by position; where either range is empty, the other's words have no counterpart."""

    truth: range
    read: range


def paired(truth: Sequence[str], read: Sequence[str]) -> list[Pair]:
    """All words of both, in order. Words without counterpart that follow each other are in one pair, the truth's first.

    Two words go together where half of their letters are the same, or all but one.
    """
    if not 0 < len(truth) * len(read) <= _MOST_CELLS:
        return [*_apart(range(len(truth)), range(len(read)))]
    pairs: list[Pair] = []
    for together, group in groupby(_path(truth, read), key=lambda pair: bool(pair.truth and pair.read)):
        found = [*group]
        whole = range(found[0].truth.start, found[-1].truth.stop), range(found[0].read.start, found[-1].read.stop)
        pairs += found if together else _apart(*whole)
    return pairs


def related(edits: int, first: str, second: str) -> bool:
    """Whether one may be a misreading of the other: half of the letters are the same, or all but one."""
    return edits <= max(1, _MOST_WRONG * max(len(first), len(second)))


def _apart(truth: range, read: range) -> Iterator[Pair]:
    if truth:
        yield Pair(truth, read[:0])
    if read:
        yield Pair(truth[len(truth) :], read)


def _path(truth: Sequence[str], read: Sequence[str]) -> list[Pair]:
    """The cheapest way from the first words to the last."""
    costs = [*_step_costs(truth, read)]
    best = [[0] * (len(read) + 1) for _ in range(len(truth) + 1)]
    steps = [[0] * (len(read) + 1) for _ in range(len(truth) + 1)]
    for row in range(len(truth) + 1):
        for column in range(len(read) + 1):
            if row or column:
                best[row][column], steps[row][column] = min(
                    (best[row - down][column - right] + costs[step][row][column], step)
                    for step, (down, right) in enumerate(_STEPS)
                    if down <= row and right <= column
                )
    pairs, row, column = [], len(truth), len(read)
    while row or column:
        down, right = _STEPS[steps[row][column]]
        pairs.append(Pair(range(row - down, row), range(column - right, column)))
        row, column = row - down, column - right
    return pairs[::-1]


def _step_costs(truth: Sequence[str], read: Sequence[str]) -> Iterator[list[list[int]]]:
    """For each step what it costs to arrive by it, wrong letters; the first row and column stand before all words."""
    joined, torn = ([first + second for first, second in pairwise(words)] for words in (truth, read))
    tables = (
        _pair_costs(truth, read, _MOST_WRONG),
        _pair_costs(joined, read, _MOST_WRONG_OF_TWO) + 1,
        _pair_costs(truth, torn, _MOST_WRONG_OF_TWO) + 1,
        np.array([[len(word)] for word in truth]),
        np.array([[len(word) for word in read]]),
    )
    for (down, right), table in zip(_STEPS, tables, strict=True):
        padded = np.full((len(truth) + 1, len(read) + 1), _NEVER)
        padded[down:, right:] = table
        yield padded.tolist()


def _pair_costs(truth: Sequence[str], read: Sequence[str], most_wrong: float) -> _Costs:
    edits = cdist(truth, read, scorer=Levenshtein.distance, dtype=np.int64)
    longest = np.maximum.outer([len(word) for word in truth], [len(word) for word in read])
    return np.where(edits <= np.maximum(1, most_wrong * longest), edits, _NEVER)
