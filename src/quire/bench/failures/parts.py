"""What is wrong with a reading, as parts that each have one cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from quire.bench.failures.pairing import related
from quire.bench.failures.stretches import Stretch, of_letters
from quire.bench.failures.words import Written


class Cause(StrEnum):
    """Why letters are wrong."""

    NOT_READ = "not read"
    MISSING = "text missing"
    INVENTED = "text invented"
    ORDER = "order"
    SPACES = "spaces"
    CASE = "case"
    CHARACTERS = "characters"


class Part(NamedTuple):
    """Words of the truth and of the reading that stand for each other, by position.

    Attributes:
        cause: None where they are the same.
        letters: how many are wrong.
    """

    cause: Cause | None
    truth: range
    read: range
    letters: int = 0


class Misread(NamedTuple):
    """Two texts that stand for each other, and how their letters go together."""

    truth: str
    read: str
    letters: Sequence[Stretch]

    def confused(self) -> Iterator[tuple[str, str]]:
        """Letters of the truth and what was read for them."""
        for stretch in self.letters:
            if not stretch.alike:
                yield (
                    self.truth[stretch.truth.start : stretch.truth.stop],
                    self.read[stretch.read.start : stretch.read.stop],
                )


@dataclass(frozen=True, slots=True)
class Difference:
    """The words of two texts, and the parts that cover them, in order."""

    truth: Sequence[Written]
    read: Sequence[Written]
    parts: Sequence[Part]

    @property
    def wrong_letters(self) -> int:
        return sum(part.letters for part in self.parts)

    def misread(self, part: Part) -> Misread | None:
        """The letters of misread words; None of all other parts, and where too few letters are the same."""
        truth, read = _said(self.truth, part.truth), _said(self.read, part.read)
        if part.cause is not Cause.CHARACTERS or not related(part.letters, truth, read):
            return None
        return Misread(truth, read, of_letters(truth, read))


def _said(words: Sequence[Written], places: range) -> str:
    return " ".join(words[place].text for place in places)
