"""Blocks and cells stand where their words were seen."""

from __future__ import annotations

from told_pages import NOWHERE, box, said, seen

from quire.document import Block, Cell, Table
from quire.geometry import bounds
from quire.grounding import boxed_blocks, boxed_tables, ground

PAGE = ("The price of bolts and nuts", "has gone up since the spring", "Item Price", "Bolts 12.50")
CELLS = ("Item", "Price", "Bolts", "12.50")


def test_a_block_is_around_its_lines() -> None:
    grounded = ground(said(*PAGE), seen(*PAGE))
    (block,) = boxed_blocks(grounded, [Block("paragraph", NOWHERE, "", (0, 1))])
    assert bounds([block.box]) == bounds([box(PAGE[0], 0), box(PAGE[1], 1)])


def test_a_block_that_nobody_saw_stays_where_it_is() -> None:
    grounded = ground(said("Something else entirely", "never printed anywhere", PAGE[1]), seen(*PAGE))
    (block,) = boxed_blocks(grounded, [Block("paragraph", NOWHERE, "", (0, 1, 2))])
    assert block.box == NOWHERE


def test_cells_are_around_their_text_and_empty_ones_stay() -> None:
    grounded = ground(said(*CELLS), seen(*PAGE))
    places = [(0, 0, "Item"), (0, 1, "Price"), (0, 2, ""), (1, 0, "Bolts"), (1, 1, "12.50"), (1, 2, "")]
    cells = tuple(Cell(row, column, text, NOWHERE) for row, column, text in places)
    block = Block("table", NOWHERE, "", (0, 1, 2, 3), table=0)
    (table,) = boxed_tables(grounded, [block], [Table(NOWHERE, 2, 3, cells)])
    assert [cell.box for cell in table.cells] == [
        box("Item", 2),
        box("Price", 2, 5),
        NOWHERE,
        box("Bolts", 3),
        box("12.50", 3, 6),
        NOWHERE,
    ]
    assert bounds([table.box]) == bounds([box("Item Price", 2), box("Bolts 12.50", 3)])


def test_a_table_whose_lines_are_not_its_cells_keeps_them() -> None:
    grounded = ground(said(*CELLS), seen(*PAGE))
    table = Table(NOWHERE, 1, 1, (Cell(0, 0, "Item Price", NOWHERE),))
    assert boxed_tables(grounded, [Block("table", NOWHERE, "", (0, 1), table=0)], [table])[0].cells == table.cells
