"""Lists, with markers that hang before their items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from quire.bench.drawing.structured.setting import Style, broken
from quire.bench.drawing.structured.sheet import Sheet

_STEP: Final = 16.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One item: `level` 1 is the outermost."""

    marker: str
    words: tuple[str, ...]
    level: int = 1

    @property
    def text(self) -> str:
        return " ".join((self.marker, *self.words))


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, never split."""

    entries: Sequence[Entry]
    style: Style
    before: float = 6.0
    keeps: bool = False

    def height(self, width: float) -> float:
        return sum(len([*self._lines(entry, width)]) for entry in self.entries) * self.style.leading

    def split(self, width: float, room: float) -> None:
        return None

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        text = "\n".join(entry.text for entry in self.entries)
        sheet.piece(sheet.block("list", text), text)
        for entry in self.entries:
            y += 0.8 * self.style.size
            left = x + entry.level * _STEP
            sheet.write(left - _STEP + 3, y, entry.marker, self.style)
            for words in self._lines(entry, width):
                sheet.write(left, y, " ".join(words), self.style)
                y += self.style.leading
            y -= 0.8 * self.style.size

    def _lines(self, entry: Entry, width: float) -> list[tuple[str, ...]]:
        return [line.words for line in broken(entry.words, width - entry.level * _STEP, self.style)]
