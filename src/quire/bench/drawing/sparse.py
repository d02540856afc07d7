"""Pages with little text: till receipts and filled-in forms."""

from __future__ import annotations

from typing import Final

from quire.bench.drawing import seeded
from quire.bench.drawing.canvas import Canvas, DrawnPage
from quire.bench.drawing.fonts import FACES, font
from quire.bench.drawing.prose import number
from quire.bench.drawing.vocabulary import words

_LABELS: Final = (
    "Name",
    "Account number",
    "Date of birth",
    "Street",
    "City",
    "Telephone",
    "Amount",
    "Reference",
)
_GOODS: Final = tuple(word for word in words("en") if len(word) > 5)


def receipt(seed: int) -> DrawnPage:
    """A till receipt, 480 to 720 pixels wide: shop, date, items with prices at the right, total."""
    random = seeded(seed)
    face, width_px = FACES[seed % len(FACES)], random.randint(480, 720)
    small, large = font(face, 22), font(face, 34, bold=True)
    items = random.randint(4, 18)
    canvas = Canvas(width_px, 330 + 34 * items)
    canvas.write(random.choice(_GOODS).upper() + " STORE", width_px / 2, 60, large, anchor="ms")
    canvas.write(f"{random.randint(1, 99)} Station Road", width_px / 2, 100, small, anchor="ms")
    canvas.write(f"2026-{random.randint(1, 12):02}-{random.randint(1, 28):02}", 30, 150, small)
    cents = [random.randint(50, 9999) for _ in range(items)]
    for row, price in enumerate(cents):
        _priced(canvas, f"{random.randint(1, 9)} x {random.choice(_GOODS)}", price, 200 + 34 * row, seed)
    canvas.rule(30, 180 + 34 * items, width_px - 30, 180 + 34 * items)
    _priced(canvas, "TOTAL", sum(cents), 220 + 34 * items, seed)
    canvas.write("Thank you for your visit", width_px / 2, 290 + 34 * items, small, anchor="ms")
    return canvas.page("en")


def form(seed: int) -> DrawnPage:
    """A form, 1000 to 1300 pixels wide: labels, and values on ruled lines."""
    random = seeded(seed)
    face, width_px = FACES[seed % len(FACES)], random.randint(1000, 1300)
    label, value = font(face, 22), font(face, 26, bold=True)
    rows = random.randint(8, 20)
    canvas = Canvas(width_px, 220 + 70 * rows)
    canvas.write(f"APPLICATION FORM No. {random.randint(1000, 9999)}", 80, 110, font(face, 36, bold=True))
    for row in range(rows):
        y = 200 + 70 * row
        canvas.write(random.choice(_LABELS) + ":", 80, y, label)
        canvas.write(f"{random.choice(_GOODS).capitalize()} {number(random)}", 340, y, value)
        canvas.rule(330, y + 12, width_px - 80, y + 12)
    return canvas.page("en")


def _priced(canvas: Canvas, text: str, cents: int, y: float, seed: int) -> None:
    face = FACES[seed % len(FACES)]
    canvas.write(text, 30, y, font(face, 22))
    canvas.write(f"{cents / 100:.2f}", canvas.width_px - 30, y, font(face, 22), anchor="rs")
