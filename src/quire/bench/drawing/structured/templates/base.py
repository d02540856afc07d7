"""What templates have in common: a typeface's usual sizes, and text at fixed places."""

from __future__ import annotations

from collections.abc import Sequence

from quire.bench.drawing import seeded
from quire.bench.drawing.fonts import FACES
from quire.bench.drawing.structured.flow import Item
from quire.bench.drawing.structured.grid import Grid, Row, Rules, TrueCell
from quire.bench.drawing.structured.prose import Prose
from quire.bench.drawing.structured.setting import Style
from quire.bench.drawing.structured.sheet import Sheet
from quire.bench.drawing.structured.writer import Writer
from quire.document import BlockKind


class Look:
    """Typeface and sizes of one document; they follow the seed.

    Attributes:
        body: of paragraphs, points.
    """

    def __init__(self, seed: int, least: float = 9.0, most: float = 11.0, align: str = "left") -> None:
        random = seeded(seed)
        self.random = random
        self.writer = Writer(random)
        size = round(random.uniform(least, most), 1)
        self.body = Style(FACES[seed % len(FACES)], size, round(size * random.uniform(1.18, 1.35), 1), align=align)
        self.plain = self.body.sized(1.0)

    def paragraph(self, least: int = 3, most: int = 6, *, indent: float = 0.0, before: float = 6.0) -> Prose:
        return Prose(self.writer.paragraph(least, most), self.body, before=before, indent=indent)

    def text(
        self, text: str, *, style: Style | None = None, kind: BlockKind = "paragraph", before: float = 2.0
    ) -> Prose:
        """One text, not justified."""
        return Prose(tuple(text.split()), style or self.plain, kind, before=before)

    def heading(self, words: Sequence[str], level: int, times: float, *, before: float = 12.0) -> Prose:
        """A bold heading `times` as large as the body."""
        style = self.body.sized(times, bold=True)
        return Prose(tuple(words), style, "heading", level, before=before, keeps=True)

    def figure_rows(self, rows: int, columns: int) -> tuple[Row, ...]:
        """A label and amounts in each row."""
        return tuple(
            (
                TrueCell(" ".join(self.writer.phrase(1, 3))),
                *(TrueCell(self.writer.amount()) for _ in range(columns - 1)),
            )
            for _ in range(rows)
        )

    def table(self, rows: int, columns: int, rules: Rules, *, spanning: bool = False) -> Grid:
        """A table of amounts with a label column; `spanning` puts one header over several columns."""
        names = tuple(TrueCell(" ".join(self.writer.phrase(1, 2))) for _ in range(columns))
        over: Row = (TrueCell(""), TrueCell(" ".join(self.writer.phrase(2, 3)), columns - 1))
        header = (over, names) if spanning else (names,)
        shares = (2.2, *([1.2] * (columns - 1)))
        right = frozenset(range(1, columns))
        return Grid(header, self.figure_rows(rows, columns), shares, self.body.sized(0.92), rules, right)


def place(sheet: Sheet, item: Item, x: float, y: float, width: float) -> None:
    """Draws one item at a point."""
    item.draw(sheet, x, y, width)


def margin_line(sheet: Sheet, kind: BlockKind, text: str, style: Style, y: float, at: str, margin: float) -> None:
    """A line of a header or footer, at the left, in the centre or at the right."""
    width = style.width(text)
    x = {"left": margin, "centre": (sheet.width - width) / 2, "right": sheet.width - margin - width}[at]
    sheet.write(x, y, text, style)
    sheet.piece(sheet.block(kind, text), text)
