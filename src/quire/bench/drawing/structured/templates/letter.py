"""A letter: sender, addressee, date, subject, paragraphs, signature."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from quire.bench.drawing.structured.flow import Item, stack
from quire.bench.drawing.structured.lists import Entry, Listing
from quire.bench.drawing.structured.sheet import Sheet
from quire.bench.drawing.structured.templates.base import Look, margin_line
from quire.bench.drawing.structured.truth import StructuredTruth

_MARGIN: Final = 78.0


def letter(seed: int) -> tuple[bytes, StructuredTruth]:
    """One A4 page; the subject is its only heading."""
    look, sheet = Look(seed, 10.5, 12.0), Sheet()
    look.text(", ".join(look.writer.address()), style=look.body.sized(0.8)).draw(sheet, _MARGIN, 80, 400)
    y = stack(sheet, (look.text(line, before=0) for line in look.writer.address()), _MARGIN, 130, 250)
    date = look.writer.date()
    look.text(date).draw(sheet, sheet.width - _MARGIN - look.plain.width(date), y + 30, 200)
    stack(sheet, _text(look, seed), _MARGIN, y + 70, sheet.width - 2 * _MARGIN)
    footer = f"{look.writer.phrase(2, 3)[0]} Ltd · {' · '.join(look.writer.address()[1:])}"
    margin_line(sheet, "footer", footer, look.body.sized(0.75), 806.0, "centre", _MARGIN)
    return sheet.finish("letter")


def _text(look: Look, seed: int) -> Iterator[Item]:
    yield look.heading(look.writer.phrase(4, 8), 1, 1.0, before=0)
    yield look.text(f"Dear {look.writer.name()},", before=16)
    yield look.paragraph(2, 4, before=10)
    yield look.paragraph(2, 3, before=10)
    if seed % 2:
        entries = [Entry("•", look.writer.phrase(5, 12)) for _ in range(3)]
        yield Listing(entries, look.plain, before=10)
    yield look.paragraph(1, 2, before=10)
    yield look.text("Yours sincerely,", before=16)
    yield look.text(look.writer.name(), before=44)
