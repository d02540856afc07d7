"""A report: contents, headings of three levels, nested lists, tables that go on over pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from quire.bench.drawing.structured.flow import Frame, Item, pour, stack
from quire.bench.drawing.structured.grid import Rules
from quire.bench.drawing.structured.lists import Entry, Listing
from quire.bench.drawing.structured.picture import Photo
from quire.bench.drawing.structured.prose import Prose
from quire.bench.drawing.structured.sheet import Sheet
from quire.bench.drawing.structured.templates.base import Look, margin_line
from quire.bench.drawing.structured.truth import StructuredTruth

_MARGIN: Final = 72.0
_TOP: Final = 86.0
_HEIGHT: Final = 660.0
_RULES: Final[tuple[Rules, ...]] = ("ruled", "booktabs", "borderless")


def report(seed: int) -> tuple[bytes, StructuredTruth]:
    """Four to seven A4 pages with running headers and footers."""
    look, sheet = Look(seed, 10.0, 11.5, "justified" if seed % 2 else "left"), Sheet()
    title = look.writer.phrase(3, 6)
    width = sheet.width - 2 * _MARGIN
    numbered = seed % 3 != 2
    chapters = [look.writer.phrase() for _ in range(look.random.randint(2, 3))]
    _cover(sheet, look, title, chapters, numbered, width)
    items: list[Item] = [
        item for number, name in enumerate(chapters, 1) for item in _chapter(look, number, name, numbered)
    ]
    while items:
        sheet.turn()
        margin_line(sheet, "header", " ".join(title), look.body.sized(0.85), 48.0, "left", _MARGIN)
        sheet.rule(_MARGIN, 54, sheet.width - _MARGIN, 54)
        items = pour(sheet, items, [Frame(_MARGIN, _TOP, width, _HEIGHT)])
        margin_line(sheet, "footer", f"Report {seed} · Draft", look.body.sized(0.85), 800.0, "left", _MARGIN)
        margin_line(sheet, "page_number", f"Page {sheet.page}", look.body.sized(0.85), 800.0, "right", _MARGIN)
    return sheet.finish("report")


def _cover(
    sheet: Sheet, look: Look, title: tuple[str, ...], chapters: list[tuple[str, ...]], numbered: bool, width: float
) -> None:
    items: list[Item] = [
        Prose(title, look.body.sized(2.4, bold=True), "title"),
        look.text(f"{look.writer.name()}, {look.writer.date()}", before=12),
        look.heading(["Contents"], 1, 1.6, before=40),
    ]
    y = stack(sheet, items, _MARGIN, 120.0, width) + 14
    for number, name in enumerate(chapters, 1):
        text = f"{number} {' '.join(name)}" if numbered else " ".join(name)
        _contents_row(sheet, look, text, str(1 + number), y, width)
        y += 1.5 * look.body.leading


def _contents_row(sheet: Sheet, look: Look, text: str, page: str, y: float, width: float) -> None:
    """A chapter's name, dots, and its page at the right edge."""
    style = look.plain
    right = _MARGIN + width - style.width(page)
    dots = "." * int((right - 8 - _MARGIN - style.width(text)) / style.width("."))
    sheet.write(_MARGIN, y, f"{text} {dots}", style)
    sheet.write(right, y, page, style)
    row = f"{text} {dots} {page}"
    sheet.piece(sheet.block("paragraph", row), row)


def _chapter(look: Look, number: int, name: tuple[str, ...], numbered: bool) -> Iterator[Item]:
    yield look.heading(_numbered(f"{number}", name, numbered), 1, 1.6, before=26)
    yield look.paragraph(4, 7)
    for part in range(1, 3):
        yield look.heading(_numbered(f"{number}.{part}", look.writer.phrase(), numbered), 2, 1.3, before=16)
        yield look.paragraph()
        yield from _inserted(look, number, part)
        yield look.paragraph(before=14)
        yield look.heading(_numbered(f"{number}.{part}.1", look.writer.phrase(), numbered), 3, 1.1)
        yield look.paragraph()
        yield look.paragraph()


def _numbered(number: str, name: tuple[str, ...], numbered: bool) -> list[str]:
    return [number, *name] if numbered else [*name]


def _inserted(look: Look, number: int, part: int) -> Iterator[Item]:
    small = look.body.sized(0.9)
    caption = look.writer.phrase(4, 8)
    if part == 1 and number == 2:
        yield Photo(number, 150.0)
        yield Prose(("Figure", f"{number}:", *caption), small, "caption", before=4)
    elif part == 1:
        yield Prose(("Table", f"{number}:", *caption), small, "caption", before=10, keeps=True)
        rules = _RULES[(number + look.random.randrange(3)) % 3]
        rows = look.random.choice((5, 8, 26))
        yield look.table(rows, look.random.randint(3, 5), rules, spanning=look.random.random() < 0.4)
    else:
        yield Listing([*_entries(look)], look.plain)


def _entries(look: Look) -> Iterator[Entry]:
    ordered = look.random.random() < 0.5
    for place in range(1, 4):
        yield Entry(f"{place}." if ordered else "•", look.writer.phrase(6, 20))
        if place == 2:
            yield from (Entry(f"({letter})" if ordered else "–", look.writer.phrase(4, 9), 2) for letter in "ab")
