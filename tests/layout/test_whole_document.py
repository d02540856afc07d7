"""What pages of a document say about each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typeset import HEIGHT, PROSE, Row, document, page, prose

from quire.document import Block, Cell, Document, ListItem, OutlineEntry, Page, Table
from quire.exports.markdown import to_markdown
from quire.geometry import Box
from quire.layout import refine, refined, survey

KINDS = ("title", "heading", "paragraph", "list", "caption", "footnote", "header", "page_number", "table", "figure")


def kinds_of(found: Document, text: str) -> list[str]:
    return [block.kind for page in found.pages for block in page.blocks if block.text.startswith(text)]


def block(
    kind: str, text: str, y: float = 400, *, size: float = 22.0, lines: tuple[int, ...] = (), level: int | None = None
) -> Block:
    box = Box(150, y, 1090, y + 30).quad
    items = (ListItem(text.removeprefix("• "), 1, "•" if text.startswith("•") else "", False, ()),)
    return Block(kind, box, text, lines, level, items if kind == "list" else (), font_size=size)  # type: ignore[arg-type]


def made(number: int, *blocks: Block, tables: tuple[Table, ...] = ()) -> Page:
    return Page(number, 1240, HEIGHT, 150.0, 0, 0.0, "text_layer", "pdfium", "en", (), blocks, tables=tables)


def table(rows: Sequence[Sequence[str]], y: float, *, head: bool = True) -> tuple[Table, Block]:
    box = Box(150, y, 1090, y + 300).quad
    cells = tuple(
        Cell(r, c, text, box, header=head and r == 0) for r, row in enumerate(rows) for c, text in enumerate(row)
    )
    return Table(box, len(rows), len(rows[0]), cells), Block("table", box, "", (), table=0)


class TestMargins:
    def test_what_repeats_at_the_top_is_a_header(self) -> None:
        pages = [page(n, Row("A history of the harbour", 120), *prose(200), *prose(400)) for n in (1, 2, 3)]
        assert kinds_of(refine(document(*pages)), "A history") == ["header"] * 3

    def test_a_letter_misread_does_not_hide_it(self) -> None:
        titles = ("A history of the harbour", "A hist0ry of the harbour", "A history of tbe harbour")
        pages = [made(n, block("paragraph", title, 80), block("paragraph", PROSE[0])) for n, title in enumerate(titles)]
        assert kinds_of(refine(document(*pages)), "A hist") == ["header"] * 3

    def test_left_and_right_pages_have_headers_of_their_own(self) -> None:
        pages = [made(n, block("paragraph", ("Of boats", "A history")[n % 2], 80)) for n in range(1, 7)]
        assert {block.kind for page in refine(document(*pages)).pages for block in page.blocks} == {"header"}

    def test_numbers_that_count_up_with_the_pages_belong_to_it(self) -> None:
        pages = [made(n, block("paragraph", f"Report 7, sheet {n + 10} of 99", 1650)) for n in (1, 2, 3)]
        assert kinds_of(refine(document(*pages)), "Report") == ["footer"] * 3

    def test_page_numbers_are_told_by_counting(self) -> None:
        pages = [made(n, block("paragraph", PROSE[0]), block("paragraph", str(n + 4), 1650)) for n in (1, 2, 3)]
        assert [page.blocks[1].kind for page in refine(document(*pages)).pages] == ["page_number"] * 3

    def test_chapters_that_begin_at_the_top_are_not_page_furniture(self) -> None:
        pages = [made(n, block("heading", f"Chapter {n // 5}", 100, level=1)) for n in (5, 11, 19)]
        assert kinds_of(refine(document(*pages)), "Chapter") == ["heading"] * 3

    def test_large_headings_that_come_twice_stay(self) -> None:
        body = [block("paragraph", PROSE[0], 500 + 40 * place) for place in range(3)]
        heads = {1: "Notes", 2: "Results", 3: "Notes"}
        pages = [made(n, block("heading", text, 100, size=40.0, level=1), *body) for n, text in heads.items()]
        assert kinds_of(refine(document(*pages)), "Notes") == ["heading"] * 2


class TestHeadings:
    def levels(self, *pages: Page, outline: tuple[OutlineEntry, ...] = ()) -> dict[str, int | None]:
        found = refine(document(*pages, outline=outline))
        return {block.text: block.level for page in found.pages for block in page.blocks if block.kind == "heading"}

    def test_sizes_are_compared_over_all_pages(self) -> None:
        first = made(1, block("heading", "Small", size=26.0, level=1), block("heading", "Tiny", 500, size=22, level=2))
        second = made(2, block("heading", "Large", size=36.0, level=1))
        assert self.levels(first, second) == {"Large": 1, "Small": 2, "Tiny": 3}

    def test_pages_of_another_resolution_agree(self) -> None:
        first = made(1, block("heading", "One", size=30.0, level=1), block("heading", "Below", 500, size=24.0, level=2))
        second = replace(made(2, block("heading", "Two", size=60.0, level=1)), dpi=300.0)
        assert self.levels(first, second) == {"One": 1, "Below": 2, "Two": 1}

    def test_numbers_count_for_more_than_sizes(self) -> None:
        first = made(1, block("heading", "1 One", size=24.0, level=1))
        second = made(2, block("heading", "1.1 Below", size=30.0, level=1), block("heading", "Like it", 500, size=30.0))
        assert self.levels(first, second) == {"1 One": 1, "1.1 Below": 2, "Like it": 2}

    def test_bookmarks_count_for_more_than_numbers(self) -> None:
        outline = (OutlineEntry("1. One", 2, 1), OutlineEntry("1.1. Below", 3, 2))
        first = made(1, block("heading", "1 One", level=3))
        second = made(2, block("heading", "1.1 Below", level=3))
        assert self.levels(first, second, outline=outline) == {"1 One": 1, "1.1 Below": 2}

    def test_a_title_on_a_later_page_is_a_heading(self) -> None:
        found = refine(document(made(1, block("title", "A history", 300)), made(2, block("title", "Boats", 300))))
        assert [(page.blocks[0].kind, page.blocks[0].level) for page in found.pages] == [
            ("title", None),
            ("heading", 1),
        ]


class TestContinuations:
    def test_a_paragraph_goes_on_over_header_and_footer(self) -> None:
        first = page(1, Row("A history", 80, 16.0), *prose(200), *prose(400), Row("1", 1650, x=600))
        rest = [Row("and nobody came", 200), *prose(330)]
        cut = replace(first, blocks=tuple(replace(b, text=b.text.rstrip(".")) for b in first.blocks))
        found = refine(document(cut, page(2, Row("A history", 80, 16.0), *rest, Row("2", 1650, x=600))))
        assert [b.text for b in found.pages[1].blocks if b.continues] == ["and nobody came"]
        assert "a joke and nobody came" in to_markdown(found)
        assert to_markdown(found).count("nobody came") == 1

    @pytest.mark.parametrize(
        ("last", "first", "expected"),
        [
            pytest.param("it went on and", "on for years.", True, id="a small letter follows"),
            pytest.param("such a hyphen-", "ated word", True, id="a word is split"),
            pytest.param("It ended.", "on for years.", False, id="a sentence ended"),
            pytest.param("It ended there", "Another began.", False, id="a capital follows a line that may be short"),
        ],
    )
    def test_it_goes_on_when_nothing_ended(self, last: str, first: str, expected: bool) -> None:
        found = refine(document(made(1, block("paragraph", last)), made(2, block("paragraph", first))))
        assert found.pages[1].blocks[0].continues is expected

    def test_a_split_word_is_whole_on_the_first_page(self) -> None:
        found = refine(
            document(made(1, block("paragraph", "such a hyphen-")), made(2, block("paragraph", "ated word")))
        )
        assert to_markdown(found).startswith("<!-- page 1 -->\n\nsuch a hyphenated word\n")
        assert found.text == "such a hyphen-\fated word"

    def test_pages_that_do_not_follow_each_other_share_nothing(self) -> None:
        found = refine(document(made(1, block("paragraph", "it went on and")), made(3, block("paragraph", "on"))))
        assert not found.pages[1].blocks[0].continues

    def test_an_item_goes_on(self) -> None:
        pages = made(1, block("list", "• it went on and")), made(2, block("list", "on for years"))
        assert refine(document(*pages)).pages[1].blocks[0].continues

    def test_a_table_goes_on_below_its_repeated_header(self) -> None:
        (first, upper), (second, lower) = (
            table([["Boat", "Price"], ["Ann", "3"]], 1200),
            table([["Boat", "Price"], ["Eve", "4"]], 150, head=False),
        )
        found = refine(document(made(1, upper, tables=(first,)), made(2, lower, tables=(second,))))
        rest = found.pages[1].tables[0]
        assert rest.continues
        assert found.pages[1].blocks[0].continues
        assert [cell.header for cell in rest.cells] == [True, True, False, False]

    @pytest.mark.parametrize(
        ("rows", "y"),
        [
            pytest.param([["Boat", "Price", "Year"], ["Eve", "4", "5"]], 150, id="it has other columns"),
            pytest.param([["Sail", "Width"], ["Eve", "4"]], 150, id="it has a header of its own"),
            pytest.param([["Boat", "Price"], ["Eve", "4"]], 900, id="it stands lower down"),
        ],
    )
    def test_a_table_is_another_when(self, rows: list[list[str]], y: float) -> None:
        (first, upper), (second, lower) = table([["Boat", "Price"], ["Ann", "3"]], 1200), table(rows, y)
        found = refine(document(made(1, upper, tables=(first,)), made(2, lower, tables=(second,))))
        assert not found.pages[1].tables[0].continues


BLOCKS = st.builds(
    block,
    st.sampled_from(KINDS[:8]),
    st.sampled_from(["A history", "12", "1.1 Boats", "it went on and", "on for years.", "• item", "Notes", "x-"]),
    st.sampled_from([60.0, 100.0, 500.0, 900.0, 1600.0, 1680.0]),
    size=st.sampled_from([16.0, 22.0, 23.0, 30.0, 44.0]),
)


@given(st.lists(st.lists(BLOCKS, max_size=14), min_size=1, max_size=6))
def test_refining_again_changes_nothing(pages: list[list[Block]]) -> None:
    once = refine(document(*(made(n, *blocks) for n, blocks in enumerate(pages, 1))))
    assert refine(once) == once


def test_pages_are_refined_one_by_one_as_all_together() -> None:
    pages = [page(n, Row("A history", 120), *prose(200), Row("2 Boats", 400, 30.0), *prose(460)) for n in (1, 2, 3)]
    found = survey(pages)
    assert tuple(refined(page, found) for page in pages) == refine(document(*pages)).pages


def test_a_page_that_nothing_changes_stays_the_same_object() -> None:
    pages = made(1, block("paragraph", "It ended.")), made(2, block("paragraph", "Another."))
    assert refined(pages[0], survey(pages)) is pages[0]
