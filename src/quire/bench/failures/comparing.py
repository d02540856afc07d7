"""Two entrants on the same documents: who reads which better, and how sure the difference is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from quire.bench.failures.runs import wrongness
from quire.bench.scored import Scored

TIE: Final = 0.001
"""Shares of wrong characters that differ by less are a tie: a letter in a thousand."""

_SEED: Final = 20
_DRAWS: Final = 2000
_INTERVAL: Final = (2.5, 97.5)
_LEAST_DOCUMENTS: Final = 3
"""Of fewer, an interval would say nothing."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first entrant beside the second.

    Attributes:
        wins, losses, ties: documents that the first read better, worse, and as well.
        difference: mean share wrong of the first minus that of the second: below 0 the first is better.
        low, high: 95% interval of the difference; None of too few documents.
    """

    documents: int
    wins: int
    losses: int
    ties: int
    difference: float
    low: float | None
    high: float | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def compared(first: Sequence[Scored], second: Sequence[Scored]) -> dict[str, Comparison]:
    """By kind, and of all under "all".

    Args:
        second: the same documents, in the same order.
    """
    gaps = [(one.row.kind, gap(one, other)) for one, other in zip(first, second, strict=True)]
    kinds = sorted({kind for kind, _ in gaps})
    found = {kind: comparison([share for own, share in gaps if own == kind]) for kind in kinds}
    return found | {"all": comparison([share for _, share in gaps])}


def gap(first: Scored, second: Scored) -> float:
    """The share wrong of the first minus that of the second, -1 to 1."""
    return wrongness(first.tally).share - wrongness(second.tally).share


def comparison(gaps: Sequence[float]) -> Comparison:
    """What the gaps of one or more documents come to; the interval is a paired bootstrap's (Efron 1979)."""
    values = np.array(gaps)
    low = high = None
    if len(values) >= _LEAST_DOCUMENTS:
        draws = np.random.default_rng(_SEED).integers(len(values), size=(_DRAWS, len(values)))
        low, high = map(float, np.percentile(values[draws].mean(axis=1), _INTERVAL))
    wins, losses = int((values <= -TIE).sum()), int((values >= TIE).sum())
    return Comparison(len(values), wins, losses, len(values) - wins - losses, float(values.mean()), low, high)
