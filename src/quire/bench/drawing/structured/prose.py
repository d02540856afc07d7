"""Text that flows: paragraphs, headings, captions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from quire.bench.drawing.structured.setting import SetLine, Style, broken
from quire.bench.drawing.structured.sheet import Sheet
from quire.document import BlockKind


@dataclass(slots=True)
class _Noted:
    """The block that parts of one text share, once the first of them is drawn."""

    block: int | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """One text.

    Attributes:
        before: points of white above it, except at the top of a column.
        indent: points by which its first line is moved.
        keeps: whether what follows must stand in the same column.
        joins: whether its last word, which then ends in a hyphen, goes on in the rest that was split off.
        whole: the text that this is a part of.
    """

    words: tuple[str, ...]
    style: Style
    kind: BlockKind = "paragraph"
    level: int | None = None
    before: float = 0.0
    indent: float = 0.0
    keeps: bool = False
    noted: _Noted = field(default_factory=_Noted)
    whole: str = ""
    joins: bool = False

    def height(self, width: float) -> float:
        return len(self._lines(width)) * self.style.leading

    def split(self, width: float, room: float) -> tuple[Prose, Prose] | None:
        """The part that fits into `room` points, at least two lines on both sides, and the rest."""
        lines = self._lines(width)
        fitting = min(int(room / self.style.leading), len(lines) - 2)
        if fitting < 2 or self.keeps:
            return None
        first, rest = lines[:fitting], lines[fitting:]
        whole = self.whole or " ".join(self.words)
        head = replace(self, words=_joined(first), whole=whole, joins=first[-1].divided)
        return head, replace(self, words=_joined(rest), whole=whole, before=0.0, indent=0.0)

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        if self.noted.block is None:
            self.noted.block = sheet.block(self.kind, self.whole or " ".join(self.words), level=self.level)
        lines = self._lines(width)
        for row, line in enumerate(lines):
            baseline = y + row * self.style.leading + 0.8 * self.style.size
            self._draw_line(sheet, x, baseline, line, width, self.indent if not row else 0.0, row == len(lines) - 1)
        text = " ".join(self.words)
        sheet.piece(self.noted.block, text[:-1] if self.joins else text, joins=self.joins)

    def _lines(self, width: float) -> list[SetLine]:
        """The lines; the indent is a first word of that width while they are broken."""
        if not self.indent:
            return [*broken(self.words, width, self.style)]
        pad = "\u00a0" * round(self.indent / self.style.width("\u00a0"))
        lines = [*broken((pad + self.words[0], *self.words[1:]), width, self.style)]
        first = lines[0]
        return [replace(first, words=(self.words[0], *first.words[1:])), *lines[1:]]

    def _draw_line(
        self, sheet: Sheet, x: float, y: float, line: SetLine, width: float, indent: float, last: bool
    ) -> None:
        text = " ".join(line.shown)
        full = self.style.align == "justified" and (not last or self.joins) and len(line.words) > 1
        if full:
            sheet.spread(x + indent, y, line.shown, width - indent, self.style)
        elif self.style.align == "centre":
            sheet.write(x + (width - self.style.width(text)) / 2, y, text, self.style)
        else:
            sheet.write(x + indent, y, text, self.style)


def _joined(lines: Sequence[SetLine]) -> tuple[str, ...]:
    words: list[str] = []
    divided = False
    for line in lines:
        first, *rest = line.words
        words[-1:] = [words[-1] + first] if divided else [*words[-1:], first]
        words += rest
        divided = line.divided
    if divided:
        words[-1] += "-"
    return tuple(words)
