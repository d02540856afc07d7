"""A newspaper page: its name, a lead story under a headline over all columns, smaller ones, a side bar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from quire.bench.drawing.structured.flow import Frame, Item, columns, pour, stack
from quire.bench.drawing.structured.picture import Photo
from quire.bench.drawing.structured.prose import Prose
from quire.bench.drawing.structured.sheet import Sheet
from quire.bench.drawing.structured.templates.base import Look, margin_line
from quire.bench.drawing.structured.truth import StructuredTruth

_MARGIN: Final = 42.0
_GUTTER: Final = 14.0
_BOTTOM: Final = 940.0


def newspaper(seed: int) -> tuple[bytes, StructuredTruth]:
    """One page of 3 or 4 columns; every other one has a side bar at the right, shaded."""
    look, sheet = Look(seed, 8.4, 9.4, "justified"), Sheet(700.0, 990.0)
    count = 3 + seed % 2
    y = _masthead(sheet, look)
    bar = 150.0 if seed % 4 < 2 else 0.0
    width = sheet.width - 2 * _MARGIN - (bar + 22 if bar else 0)
    y = _lead(sheet, look, y, width, count)
    sheet.rule(_MARGIN, y, _MARGIN + width, y)
    _stories(sheet, look, columns(_MARGIN, y + 10, width, _BOTTOM - y - 10, count, _GUTTER))
    if bar:
        _side_bar(sheet, look, sheet.width - _MARGIN - bar, bar)
    margin_line(sheet, "page_number", f"A{seed}", look.body.sized(0.9), 968.0, "right", _MARGIN)
    return sheet.finish("newspaper")


def _masthead(sheet: Sheet, look: Look) -> float:
    width = sheet.width - 2 * _MARGIN
    name = Prose(("The", *look.writer.phrase(2, 2)), look.body.sized(4.0, bold=True, align="centre"), "title")
    name.draw(sheet, _MARGIN, 40, width)
    y = 40 + name.height(width) + 8
    sheet.rule(_MARGIN, y, sheet.width - _MARGIN, y, weight=1.5)
    edition = f"{look.writer.date()} · No. {look.random.randint(100, 9999)}"
    look.text(edition, style=look.body.sized(0.95, align="centre")).draw(sheet, _MARGIN, y + 4, width)
    sheet.rule(_MARGIN, y + 20, sheet.width - _MARGIN, y + 20)
    return y + 32


def _lead(sheet: Sheet, look: Look, y: float, width: float, count: int) -> float:
    """The first story, under a headline over all columns."""
    y = stack(sheet, [look.heading(look.writer.phrase(5, 7), 1, 2.6)], _MARGIN, y - 12, width) + 8
    frames = columns(_MARGIN, y, width, look.random.randint(230, 300), count, _GUTTER)
    pour(sheet, _fitting(_body(look, 40), frames), frames)
    return y + frames[0].height + 10


def _stories(sheet: Sheet, look: Look, frames: Sequence[Frame]) -> None:
    """Smaller stories one after the other through the columns, one with a picture."""
    items: list[Item] = []
    for number in range(12):
        items.append(look.heading(look.writer.phrase(3, 5), 2, 1.5, before=14))
        if number == 1:
            items.append(Photo(number, 90.0))
            items.append(Prose(look.writer.phrase(5, 9), look.body.sized(0.88), "caption", before=3))
        items.extend(_body(look, look.random.randint(3, 5)))
    pour(sheet, _fitting(items, frames), frames)


def _side_bar(sheet: Sheet, look: Look, x: float, width: float) -> None:
    sheet.area(x - 8, 150, x + width + 8, _BOTTOM, grey=0.92)
    frame = Frame(x, 160, width, _BOTTOM - 170)
    items: list[Item] = [look.heading(look.writer.phrase(2, 3), 2, 1.4, before=0)]
    pour(sheet, _fitting([*items, *_body(look, 14)], [frame]), [frame])


def _body(look: Look, paragraphs: int) -> Iterator[Item]:
    """Paragraphs told apart by their indent alone."""
    yield look.paragraph(2, 4, before=4)
    for _ in range(paragraphs - 1):
        yield look.paragraph(2, 4, indent=10, before=0)


def _fitting(items: Sequence[Item] | Iterator[Item], frames: Sequence[Frame]) -> list[Item]:
    """The items that surely find room: a story that breaks off in the middle would have no true end."""
    room = sum(frame.height for frame in frames) - 24 * len(frames)
    kept: list[Item] = []
    for item in items:
        room -= item.before + item.height(frames[0].width)
        if room < 0:
            break
        kept.append(item)
    while kept and kept[-1].keeps:
        kept.pop()
    return kept
