"""Parts of pages become one page."""

from __future__ import annotations

from quire.cascade.compose import composed, part_of
from quire.document import Block, Cell, Figure, Line, ListItem, Table, Word
from quire.geometry import Box
from quire.layout import Structure

BOX = Box(0, 0, 50, 10).quad


def line(text: str) -> Line:
    return Line(text, BOX, 0.9, (Word(text, BOX, 0.9),), BOX)


TABLE = Table(BOX, 1, 1, (Cell(0, 0, "a", BOX),))
PART = Structure(
    lines=(line("one"), line("a"), line("two")),
    blocks=(
        Block("list", BOX, "one", (0,), items=(ListItem("one", 1, "•", False, (0,)),)),
        Block("table", BOX, "a", (1,), table=0),
        Block("figure", BOX, "two", (2,), figure=0),
    ),
    tables=(TABLE,),
    figures=(Figure("f1", BOX, None, "two"),),
)


def test_parts_are_moved_to_their_places_and_counted_on() -> None:
    whole = composed([(PART, (0, 0)), (PART, (10, 1000))], 3)
    assert [block.lines for block in whole.blocks] == [(0,), (1,), (2,), (3,), (4,), (5,)]
    assert [block.items[0].lines for block in whole.blocks if block.kind == "list"] == [(0,), (3,)]
    assert [block.table for block in whole.blocks if block.kind == "table"] == [0, 1]
    assert [figure.id for figure in whole.figures] == ["p3-f1", "p3-f2"]
    moved = Box(10, 1000, 60, 1010).quad
    assert {whole.blocks[3].box, whole.lines[3].box, whole.lines[3].ink, whole.lines[3].words[0].box} == {moved}
    assert {whole.tables[1].box, whole.tables[1].cells[0].box, whole.figures[1].box} == {moved}


def test_a_page_taken_apart_and_put_together_is_the_same() -> None:
    page = composed([(PART, (0, 0)), (PART, (10, 1000))], 1)
    again = composed([(part_of(page, place), (0, 0)) for place in range(len(page.blocks))], 1)
    assert again == page
