"""Which documents a report shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from quire.bench.failures.comparing import TIE, gap
from quire.bench.failures.runs import Run, wrongness
from quire.errors import InvalidOption

_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class FailureReport:
    """What is asked for.

    Attributes:
        path: HTML file to write.
        worst: documents to show of each kind, 1 to 50.

    Raises:
        InvalidOption: `worst` is out of range.
    """

    path: Path
    worst: int = 5

    def __post_init__(self) -> None:
        if not 1 <= self.worst <= _MOST:
            raise InvalidOption(f"option 'worst': must be 1 to {_MOST}")


def chosen(runs: Sequence[Run], worst: int) -> dict[str, list[int]]:
    """Positions of the documents to show, by kind: read worst, or of two runs read most differently, these first.

    Documents without fault, or that both read as well, are left out.
    """
    ranks = [_rank(runs, place) for place in range(len(runs[0].scored))]
    places = sorted((place for place, rank in enumerate(ranks) if rank), key=lambda place: ranks[place], reverse=True)
    kinds: dict[str, list[int]] = {}
    for place in places:
        kinds.setdefault(runs[0].scored[place].row.kind, []).append(place)
    return {kind: found[:worst] for kind, found in sorted(kinds.items())}


def _rank(runs: Sequence[Run], place: int) -> tuple[float, ...]:
    """The more, the sooner it is shown; nothing where it is not to be shown."""
    own = [run.scored[place] for run in runs]
    if len(own) == 1:
        return wrongness(own[0].tally) if own[0].error or wrongness(own[0].tally).share > 0 else ()
    distance = abs(gap(*own))
    return (distance,) if distance >= TIE else ()
