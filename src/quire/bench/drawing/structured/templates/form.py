"""A form: sections of labelled fields, filled in, some in boxes."""

from __future__ import annotations

from typing import Final

from quire.bench.drawing.structured.sheet import Sheet
from quire.bench.drawing.structured.templates.base import Look, margin_line
from quire.bench.drawing.structured.truth import StructuredTruth

_MARGIN: Final = 60.0
_LABELS: Final = ("Name", "Date of birth", "Street", "City", "Telephone", "Account number", "Reference", "Amount")
_SECTIONS: Final = ("Applicant", "Contact", "Account", "Declaration")


def form(seed: int) -> tuple[bytes, StructuredTruth]:
    """One A4 page: each field is a label with its value after it, on a line or in a box."""
    look, sheet = Look(seed, 10.0, 11.5), Sheet()
    title = look.body.sized(1.7, bold=True)
    look.text(f"Application for {' '.join(look.writer.phrase(1, 3))}", style=title, kind="title").draw(
        sheet, _MARGIN, 64, 480
    )
    y = 120.0
    for place, name in enumerate(_SECTIONS, 1):
        look.heading([f"{place}.", name], 1, 1.25).draw(sheet, _MARGIN, y, 400)
        y += 30
        for label in look.random.sample(_LABELS, look.random.randint(2, 4)):
            _field(sheet, look, label, y, boxed=bool(seed % 2))
            y += 26
        y += 12
    declaration = look.paragraph(1, 2)
    declaration.draw(sheet, _MARGIN, y, sheet.width - 2 * _MARGIN)
    margin_line(sheet, "footer", f"Form {seed}-B", look.body.sized(0.8), 802.0, "left", _MARGIN)
    margin_line(sheet, "page_number", "1 / 1", look.body.sized(0.8), 802.0, "right", _MARGIN)
    return sheet.finish("form")


def _field(sheet: Sheet, look: Look, label: str, y: float, *, boxed: bool) -> None:
    value = {"Name": look.writer.name(), "Date of birth": look.writer.date(), "Amount": look.writer.amount()}.get(
        label, " ".join(look.writer.phrase(1, 3))
    )
    left, right, base = _MARGIN + 130, sheet.width - _MARGIN, y + look.body.size
    sheet.write(_MARGIN, base, f"{label}:", look.plain)
    sheet.write(left + 4, base, value, look.plain)
    sheet.rule(left, base + 5, right, base + 5)
    if boxed:
        sheet.rule(left, base - 15, right, base - 15)
        sheet.rule(left, base - 15, left, base + 5)
        sheet.rule(right, base - 15, right, base + 5)
    text = f"{label}: {value}"
    sheet.piece(sheet.block("paragraph", text), text)
