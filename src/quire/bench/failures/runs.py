"""What there is to look into: the documents of a folder as one or two entrants read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from quire.bench.entrants import Entrant
from quire.bench.scored import Scored
from quire.bench.scoring.tally import Tally


@dataclass(frozen=True, slots=True)
class Run:
    """A folder as one entrant read it.

    Attributes:
        engine: what the engine says of itself.
        scored: in the folder's order.
    """

    entrant: Entrant
    engine: Mapping[str, Any]
    scored: Sequence[Scored]


class Wrongness(NamedTuple):
    """How badly a document was read, by the measure that its truth allows.

    Attributes:
        share: 0 for a perfect reading to 1 for none.
        words: 1 minus F1 of words in any order, which decides between equal shares; 0 where no text is compared.
    """

    share: float
    words: float


def wrongness(tally: Tally) -> Wrongness:
    """Characters wrong, of a truth with text; else cells beside wrong ones, else facts that do not hold."""
    figures = tally.summary()
    if tally.text_documents:
        return Wrongness(tally.character_rates, 1 - (figures["tokF1"] or 0.0))
    right = next((figures[name] for name in ("tabF1", "tests") if figures[name] is not None), 1.0)
    return Wrongness(1 - (right or 0.0), 0.0)
