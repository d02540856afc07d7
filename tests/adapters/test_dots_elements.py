"""Blocks of a page as dots.ocr names them."""

from __future__ import annotations

from typing import Any

import pytest

from quire.api.adapters.dots_elements import elements, inside
from quire.document import Block, BlockKind, Cell, Figure, Line, ListItem, Page, Table, Word
from quire.geometry import Box

BOX = Box(10, 20, 110, 40).quad


def page(*blocks: Block, lines: tuple[Line, ...] = (), rotation: int = 0) -> dict[str, Any]:
    table = Table(BOX, 1, 1, (Cell(0, 0, "a < b", BOX),))
    figure = Figure("p1-f1", BOX, None, "")
    made = Page(1, 200, 400, None, rotation, 0.0, "ocr", "ppocr", "en", lines, blocks, (), {}, (table,), (figure,))
    return made.to_dict()


@pytest.mark.parametrize(
    ("block", "category", "text"),
    [
        (Block("title", BOX, "A *title*", ()), "Title", r"# A \*title\*"),
        (Block("heading", BOX, "Part", (), level=2), "Section-header", "### Part"),
        (Block("paragraph", BOX, "One\ntwo_three", ()), "Text", "One\ntwo\\_three"),
        (
            Block("table", BOX, "a < b", (), table=0),
            "Table",
            "<table><tbody><tr><td>a &lt; b</td></tr></tbody></table>",
        ),
        (Block("figure", BOX, "", (), figure=0), "Picture", None),
        (Block("caption", BOX, "Figure 1", ()), "Caption", "Figure 1"),
        (Block("header", BOX, "Journal", ()), "Page-header", "Journal"),
        (Block("footer", BOX, "Draft", ()), "Page-footer", "Draft"),
        (Block("footnote", BOX, "1 A note", ()), "Footnote", "1 A note"),
        (Block("formula", BOX, "$$\n\\frac{a}{b}\n$$", ()), "Formula", "\\frac{a}{b}"),
        (Block("code", BOX, "a_b = 1", ()), "Text", "a_b = 1"),
        (Block("list", BOX, "one", ()), "List-item", "one"),
    ],
)
def test_each_kind_of_block_has_its_category_and_text(block: Block, category: str, text: str | None) -> None:
    [found] = elements(page(block))

    assert found == {"bbox": [10, 20, 110, 40], "category": category} | ({} if text is None else {"text": text})


def test_a_list_is_an_element_for_each_item() -> None:
    lines = (Line("• one", Box(10, 20, 90, 30).quad, 1.0), Line("2. two", Box(10, 32, 110, 40).quad, 1.0))
    items = (ListItem("one", 1, "•", False, (0,)), ListItem("two", 1, "2.", True, (1,)))

    found = [*elements(page(Block("list", BOX, "one\ntwo", (0, 1), items=items), lines=lines))]

    assert [(one["text"], one["bbox"]) for one in found] == [
        ("- one", [10, 20, 90, 30]),
        ("2. two", [10, 32, 110, 40]),
    ]


@pytest.mark.parametrize(("top", "category"), [(10, "Page-header"), (380, "Page-footer")])
def test_a_page_number_belongs_to_the_header_or_the_footer(top: float, category: str) -> None:
    kind: BlockKind = "page_number"

    [found] = elements(page(Block(kind, Box(90, top, 110, top + 10).quad, "7", ())))

    assert found["category"] == category


@pytest.mark.parametrize(
    ("rotation", "bbox"),
    [(90, [20, 90, 40, 190]), (180, [90, 360, 190, 380]), (270, [360, 10, 380, 110])],
)
def test_boxes_are_those_of_the_image_as_it_was_sent(rotation: int, bbox: list[int]) -> None:
    [found] = elements(page(Block("paragraph", BOX, "a", ()), rotation=rotation))

    assert found["bbox"] == bbox


def test_an_area_holds_the_words_whose_middles_it_holds() -> None:
    words = tuple(Word(text, Box(x, 20, x + 30, 40).quad, 1.0) for text, x in (("to", 10), ("be", 50), ("or", 90)))
    line = Line("to be or", Box(10, 20, 120, 40).quad, 1.0, words)

    read = page(lines=(line,))

    assert inside(read, Box(40, 0, 200, 400)) == "be or"
    assert inside(read, Box(0, 0, 200, 10)) == ""
