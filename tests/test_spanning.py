"""What goes on over pages, in one piece."""

from __future__ import annotations

from dataclasses import replace

from quire.document import Block, BlockKind, Cell, Document, ListItem, Page, Table
from quire.document.spanning import joined_pages, joined_tables
from quire.exports.markdown import to_markdown
from quire.exports.text import to_text
from quire.geometry import Box

BOX = Box(0, 0, 10, 10).quad


def block(kind: BlockKind, text: str, *, continues: bool = False, items: tuple[ListItem, ...] = ()) -> Block:
    return Block(kind, BOX, text, (), continues=continues, items=items)


def page(number: int, *blocks: Block, tables: tuple[Table, ...] = ()) -> Page:
    return Page(number, 100, 100, None, 0, 0.0, "ocr", "ppocr", "en", (), blocks, tables=tables)


def document(*pages: Page) -> Document:
    return Document("a.pdf", "application/pdf", "0" * 64, len(pages), "ppocr", pages)


def table(*rows: tuple[str, ...], head: int = 1) -> Table:
    cells = (Cell(r, c, text, BOX, header=r < head) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Table(BOX, len(rows), len(rows[0]), tuple(cells))


def texts(*pages: Page) -> list[list[str]]:
    return [[block.text for block in page.blocks] for page in joined_pages(pages)]


def test_a_paragraph_stands_where_it_begins() -> None:
    first = page(1, block("paragraph", "It went"), block("footer", "foot"))
    second = page(2, block("header", "head"), block("paragraph", "on.", continues=True), block("paragraph", "Next."))
    assert texts(first, second) == [["It went on.", "foot"], ["head", "Next."]]
    assert to_text(document(first, second)) == "It went\n\nfoot\n\fhead\n\non.\n\nNext.\n"
    assert to_markdown(document(first, second)) == "<!-- page 1 -->\n\nIt went on.\n\n<!-- page 2 -->\n\nNext.\n"


def test_it_may_go_on_over_several_pages_and_columns() -> None:
    rest = block("paragraph", "and on", continues=True)
    assert texts(page(1, block("paragraph", "It went")), page(2, rest, rest), page(3, rest)) == [
        ["It went and on and on and on"],
        [],
        [],
    ]


def test_columns_of_one_page_are_left_to_that_page() -> None:
    one = page(2, block("paragraph", "It went"), block("paragraph", "on.", continues=True))
    assert joined_pages((page(1, block("paragraph", "Before.")), one))[1].blocks == one.blocks


def test_a_list_goes_on_with_its_item() -> None:
    first = block("list", "• it went", items=(ListItem("it went", 1, "•", False, ()),))
    rest = block(
        "list",
        "on\n• next",
        continues=True,
        items=(ListItem("on", 1, "", False, (3,)), ListItem("next", 1, "•", False, (4,))),
    )
    (whole, _) = joined_pages((page(1, first), page(2, rest)))
    assert [item.text for item in whole.blocks[0].items] == ["it went on", "next"]


def test_a_table_is_whole_and_its_header_said_once() -> None:
    upper, lower = table(("Boat", "Price"), ("Ann", "3")), table(("Boat", "Price"), ("Eve", "4"))
    first = page(1, replace(block("table", "Boat\tPrice"), table=0), tables=(upper,))
    second = page(2, replace(block("table", "Eve\t4", continues=True), table=0), tables=(lower,))
    (whole, rest) = joined_pages((first, second))
    assert whole.markdown == "| Boat | Price |\n| --- | --- |\n| Ann | 3 |\n| Eve | 4 |"
    assert rest.markdown == ""


def test_tables_without_a_header_are_put_below_each_other() -> None:
    joined = joined_tables(table(("a", "b"), head=0), table(("c", "d"), ("e", "f"), head=0))
    assert (joined.rows, [cell.row for cell in joined.cells]) == (3, [0, 0, 1, 1, 2, 2])


def test_what_goes_on_without_a_beginning_stays() -> None:
    assert texts(page(1), page(2, block("paragraph", "on.", continues=True))) == [[], ["on."]]
