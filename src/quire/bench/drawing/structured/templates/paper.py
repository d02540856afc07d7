"""A paper in two columns, as conferences print them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from quire.bench.drawing.structured.flow import Item, columns, pour, stack
from quire.bench.drawing.structured.lists import Entry, Listing
from quire.bench.drawing.structured.picture import Chart, Photo
from quire.bench.drawing.structured.prose import Prose
from quire.bench.drawing.structured.sheet import Sheet
from quire.bench.drawing.structured.templates.base import Look, margin_line
from quire.bench.drawing.structured.truth import StructuredTruth

_MARGIN: Final = 54.0
_TOP: Final = 72.0
_BOTTOM: Final = 770.0
_FOOTNOTE: Final = 34.0


def paper(seed: int) -> tuple[bytes, StructuredTruth]:
    """Title, authors, abstract, numbered sections with figures and tables, references; three to four pages."""
    look, sheet = Look(seed, 8.8, 10.0, "justified"), Sheet(612.0, 792.0 + 30)
    running = " ".join(look.writer.phrase(4, 6))
    width = sheet.width - 2 * _MARGIN
    items: list[Item] = [*_sections(look)]
    while items:
        _header(sheet, look, running)
        y = stack(sheet, _spanning(look, sheet.page, seed), _MARGIN, _TOP, width)
        y += 18 if y > _TOP else 0
        note = _FOOTNOTE if sheet.page == 1 else 0.0
        items = pour(sheet, items, columns(_MARGIN, y, width, _BOTTOM - y - note, 2, 20))
        if note:
            _footnote(sheet, look, width)
        margin_line(sheet, "page_number", str(100 + seed + sheet.page), look.plain, _BOTTOM + 28, "centre", _MARGIN)
        if items:
            sheet.turn()
    return sheet.finish("paper")


def _front(look: Look) -> Iterator[Item]:
    title = look.body.sized(1.75, bold=True, align="centre")
    yield Prose(look.writer.phrase(6, 10), title, "title")
    centred = look.body.sized(1.05, align="centre")
    yield look.text(", ".join(look.writer.name() for _ in range(3)), style=centred, before=10)
    yield look.text(f"University of {look.writer.phrase(1, 1)[0]}, {look.writer.date()}", style=centred, before=3)


def _spanning(look: Look, page: int, seed: int) -> Iterator[Item]:
    """What stands above both columns of a page."""
    if page == 1:
        yield from _front(look)
    elif page == 2 and seed % 2:
        caption = ("Table", "9:", *look.writer.phrase(6, 10))
        yield Prose(caption, look.body.sized(0.9), "caption", keeps=True)
        yield look.table(5, 6, "booktabs", spanning=True)


def _sections(look: Look) -> Iterator[Item]:
    yield look.heading(["Abstract"], 1, 1.15, before=0)
    yield look.paragraph(4, 6)
    for number in range(1, look.random.randint(4, 6)):
        yield look.heading([f"{number}.", *look.writer.phrase()], 1, 1.2)
        yield look.paragraph()
        yield look.paragraph(indent=12, before=0)
        yield from _inserted(look, number)
        for part in range(1, look.random.randint(1, 3)):
            yield look.heading([f"{number}.{part}", *look.writer.phrase()], 2, 1.05, before=9)
            yield look.paragraph()
            yield look.paragraph(indent=12, before=0)
    yield look.heading(["References"], 1, 1.2)
    for number in range(1, 10):
        text = f"[{number}] {look.writer.name()}. {' '.join(look.writer.phrase(5, 9))}. {look.writer.date()}."
        yield Prose(tuple(text.split()), look.body.sized(0.9), before=3)


def _inserted(look: Look, number: int) -> Iterator[Item]:
    """A figure, a table or a list, each section another."""
    small = look.body.sized(0.9)
    caption = tuple(" ".join(look.writer.phrase(6, 12)).split())
    match number % 4:
        case 1:
            yield Photo(number, look.random.randint(90, 140))
            yield Prose((f"Figure {number}:", *caption), small, "caption", before=4)
        case 2:
            yield Prose((f"Table {number}:", *caption), small, "caption", before=10, keeps=True)
            yield look.table(look.random.randint(4, 7), 3, "booktabs")
        case 3:
            entries = [Entry(f"{place}.", look.writer.phrase(6, 14)) for place in range(1, 4)]
            yield Listing(entries, look.plain)
        case _:
            labels = tuple(look.writer.phrase(1, 1)[0] for _ in range(4))
            yield Chart(labels, number, 110.0, look.body.sized(0.75))
            yield Prose((f"Figure {number}:", *caption), small, "caption", before=4)
    yield look.paragraph(before=14)


def _header(sheet: Sheet, look: Look, running: str) -> None:
    if sheet.page > 1:
        margin_line(sheet, "header", running, look.body.sized(0.85), 48.0, "centre", _MARGIN)


def _footnote(sheet: Sheet, look: Look, width: float) -> None:
    y = _BOTTOM - _FOOTNOTE + 12
    sheet.rule(_MARGIN, y - 3, _MARGIN + 90, y - 3)
    note = Prose(("1", *look.writer.phrase(9, 14)), look.body.sized(0.78), "footnote")
    note.draw(sheet, _MARGIN, y, width)
