"""How much of what was wanted was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Counts(NamedTuple):
    """Things in common, wanted, and found."""

    shared: int
    wanted: int
    found: int

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None where nothing was wanted and nothing found."""
        return 2 * self.shared / (self.wanted + self.found) if self.wanted + self.found else None

    def to_dict(self) -> dict[str, float | None]:
        return {
            "f1": self.f1,
            "precision": self.shared / self.found if self.found else None,
            "recall": self.shared / self.wanted if self.wanted else None,
            "wanted": self.wanted,
        }


def summed(counts: Iterable[Counts]) -> Counts:
    """The counts of many documents as those of one."""
    columns = [*zip(*counts, strict=True)] or [(), (), ()]
    return Counts(*map(sum, columns))
