"""What drawn documents are about: endless words from a seed, in the forms that documents have."""

from __future__ import annotations

from random import Random
from typing import Final

from quire.bench.drawing.prose import sentences
from quire.bench.drawing.vocabulary import words

_CONTENT: Final = tuple(word for word in words("en") if len(word) > 4)
_FIRST_NAMES: Final = ("Ada", "Bruno", "Clara", "David", "Erika", "Felix", "Greta", "Hugo", "Irene", "Jonas", "Karin")
_LAST_NAMES: Final = ("Abbott", "Becker", "Castell", "Dorling", "Engel", "Ferris", "Graymar", "Holwick", "Kenton")
_PLACES: Final = ("Northwick", "Marlow", "Kensford", "Dorwin", "Felham", "Castor")


class Writer:
    """Writes English from a seed's random numbers."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._sentences = sentences(random, "en")

    def paragraph(self, least: int = 3, most: int = 6) -> tuple[str, ...]:
        """The words of some sentences."""
        chosen = [next(self._sentences) for _ in range(self.random.randint(least, most))]
        return tuple(" ".join(chosen).split())

    def phrase(self, least: int = 2, most: int = 6) -> tuple[str, ...]:
        """Words that form no sentence, the first with a capital, none twice in a row."""
        chosen = self.random.sample(_CONTENT, self.random.randint(least, most))
        return (chosen[0].capitalize(), *chosen[1:])

    def name(self) -> str:
        """A person's."""
        return f"{self.random.choice(_FIRST_NAMES)} {self.random.choice(_LAST_NAMES)}"

    def address(self) -> tuple[str, ...]:
        """Lines of a postal address."""
        street = f"{self.random.randint(1, 240)} {self.random.choice(_CONTENT).capitalize()} Street"
        return self.name(), street, f"{self.random.choice(_PLACES)} {self.random.randint(10000, 99999)}"

    def date(self) -> str:
        month = self.random.choice(("March", "June", "October"))
        return f"{self.random.randint(1, 28)} {month} 20{self.random.randint(10, 26)}"

    def amount(self) -> str:
        return f"{self.random.uniform(1, 9999):,.2f}"
