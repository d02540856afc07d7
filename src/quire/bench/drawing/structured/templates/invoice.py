"""An invoice: addresses, references, a table of items, totals, terms."""

from __future__ import annotations

from typing import Final

from quire.bench.drawing.structured.flow import stack
from quire.bench.drawing.structured.grid import Grid, Row, Rules, TrueCell
from quire.bench.drawing.structured.sheet import Sheet
from quire.bench.drawing.structured.templates.base import Look, margin_line
from quire.bench.drawing.structured.truth import StructuredTruth

_MARGIN: Final = 60.0
_RULES: Final[tuple[Rules, ...]] = ("ruled", "borderless", "booktabs")
_HEADER: Final = ("No.", "Description", "Quantity", "Unit price", "Amount")


def invoice(seed: int) -> tuple[bytes, StructuredTruth]:
    """One A4 page."""
    look, sheet = Look(seed, 9.5, 11.0), Sheet()
    title = look.body.sized(2.2, bold=True)
    look.text("Invoice", style=title, kind="title").draw(sheet, _MARGIN, 70, 300)
    _parties(sheet, look)
    width = sheet.width - 2 * _MARGIN
    y = stack(sheet, [_items(look, _RULES[seed % 3])], _MARGIN, 290, width) + 30
    terms = [look.heading(["Terms", "of", "payment"], 1, 1.15, before=0), look.paragraph(1, 2)]
    stack(sheet, terms, _MARGIN, y, width)
    bank = f"{look.writer.phrase(1, 1)[0]} Bank · Account {look.random.randint(10**7, 10**8)}"
    margin_line(sheet, "footer", bank, look.body.sized(0.8), 800.0, "centre", _MARGIN)
    return sheet.finish("invoice")


def _parties(sheet: Sheet, look: Look) -> None:
    """Seller, buyer, and below them the number and date."""
    y = stack(sheet, (look.text(line, before=1) for line in look.writer.address()), _MARGIN, 120, 220)
    y = stack(sheet, (look.text(line, before=1) for line in look.writer.address()), _MARGIN, y + 24, 220)
    number = f"Invoice number: {look.random.randint(1000, 99999)}"
    stack(sheet, [look.text(number), look.text(f"Date: {look.writer.date()}")], _MARGIN, y + 22, 300)


def _items(look: Look, rules: Rules) -> Grid:
    rows = [_item(look, number) for number in range(1, look.random.randint(5, 12))]
    total: Row = (TrueCell(""), TrueCell("Total"), TrueCell(""), TrueCell(""), TrueCell(look.writer.amount()))
    header: Row = tuple(map(TrueCell, _HEADER))
    right = frozenset((2, 3, 4))
    return Grid((header,), (*rows, total), (0.6, 3.2, 1.2, 1.3, 1.3), look.plain, rules, right)


def _item(look: Look, number: int) -> Row:
    what = " ".join(look.writer.phrase(2, 4))
    count = str(look.random.randint(1, 40))
    return tuple(map(TrueCell, (str(number), what, count, look.writer.amount(), look.writer.amount())))
