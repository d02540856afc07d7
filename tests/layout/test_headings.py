"""Titles and headings on one page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typeset import PROSE, Row, prose, view

from quire.layout import analyse
from quire.layout.numbering import numbering, page_number, roman
from quire.view import PageView


def kinds(seen: PageView) -> dict[str, tuple[str, int | None]]:
    """Kind and level by the start of the text."""
    return {block.text[:12]: (block.kind, block.level) for block in analyse(seen, 1).blocks}


def under(*heading: Row) -> PageView:
    """A page with something between two paragraphs."""
    return view(*prose(200), *heading, *prose(460), *prose(620))


def test_the_largest_line_at_the_top_is_the_title() -> None:
    found = kinds(view(Row("A history of the harbour", 150, 44.0), *prose(300), *prose(460)))
    assert found["A history of"] == ("title", None)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(Row("Of boats and men", 400, 30.0), id="larger than the text"),
        pytest.param(Row("Of boats and men", 400, bold=True), id="bold"),
        pytest.param(Row("OF BOATS AND MEN", 400, 24.0), id="in capitals"),
        pytest.param(Row("2.1 Of boats and men", 400), id="numbered"),
        pytest.param(Row("第三章 港口的历史", 400, 28.0), id="a Chinese chapter"),
        pytest.param(Row("Of boats and men", 400, tag="H2"), id="tagged as one"),
    ],
)
def test_a_line_between_paragraphs_is_a_heading_when_it_is(row: Row) -> None:
    assert kinds(under(row))[row.text[:12]][0] == "heading"


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(Row("of boats and men", 400), id="a line like the text"),
        pytest.param(Row("Name of the owner:", 400, bold=True), id="a label"),
        pytest.param(Row("12/04/2021", 400, 30.0), id="a date"),
        pytest.param(Row("office@harbour.example", 400, 30.0), id="an address"),
        pytest.param(Row("Of boats and men ........ 17", 400, bold=True), id="an entry of the contents"),
        pytest.param(Row("Ym Jnes", 400, 50.0, confidence=0.5), id="a signature"),
        pytest.param(Row("$ 12,400.00", 400, 34.0, bold=True), id="an amount"),
        pytest.param(Row("Of boats and men", 400, bold=True, tag="Caption"), id="tagged as something else"),
        pytest.param(Row("CODE ASSIGNED: 8470", 400, 24.0), id="a field that is filled in"),
        pytest.param(Row("Ronald L. Rice", 400, 30.0), id="a signature"),
    ],
)
def test_a_line_between_paragraphs_is_no_heading_when_it_is(row: Row) -> None:
    found = analyse(under(row), 1).blocks
    assert not [block for block in found if block.kind in ("heading", "title")]


@pytest.mark.parametrize("text", ["Part 2: Of boats and men", "Appendix B: Of boats"])
def test_a_numbered_name_before_a_colon_is_no_field(text: str) -> None:
    assert kinds(under(Row(text, 400, 30.0)))[text[:12]][0] == "heading"


def test_initials_in_an_image_are_no_heading() -> None:
    page = under(Row("JMA", 400, 40.0, bold=True))
    assert kinds(page)["JMA"][0] == "heading"
    assert kinds(replace(page, measured=True))["JMA"][0] == "paragraph"


def test_a_run_in_stays_in_its_paragraph() -> None:
    rows = prose(200, ("Note. " + PROSE[0][:60], *PROSE[1:]))
    assert [block.kind for block in analyse(view(*rows, *prose(460)), 1).blocks] == ["paragraph", "paragraph"]


def test_bookmarks_make_headings_of_their_lines() -> None:
    seen = view(*prose(200), Row("of boats and men", 400), *prose(460), bookmarks=(("Of Boats and Men", 2),))
    assert kinds(seen)["of boats and"] == ("heading", 2)


def test_levels_follow_numbers() -> None:
    rows = (
        Row("1 Harbours", 100, 30.0),
        *prose(150),
        Row("1.1 Their boats", 320, 26.0),
        *prose(370),
        Row("1.1.1 Their sails", 540, bold=True),
        *prose(590),
    )
    found = kinds(view(*rows))
    assert [found[name] for name in ("1 Harbours", "1.1 Their bo", "1.1.1 Their ")] == [
        ("heading", 1),
        ("heading", 2),
        ("heading", 3),
    ]


def test_levels_follow_sizes_without_numbers() -> None:
    rows = (Row("Harbours", 400, 30.0), *prose(450), Row("Their boats", 620, 26.0), *prose(670), *prose(840))
    found = kinds(view(*prose(200), *rows))
    assert (found["Harbours"], found["Their boats"]) == (("heading", 1), ("heading", 2))


@pytest.mark.parametrize(
    ("text", "depth", "sure"),
    [
        ("3 Results", 1, False),
        ("3. Results", 1, True),
        ("3.2.1 Results", 3, True),
        ("Chapter 4", 1, True),
        ("Appendix A", 1, False),
        ("IV. RESULTS", 1, True),
        ("A.1 Proofs", 2, True),
        ("第二章 结果", 1, True),
        ("第3节 结果", 2, True),
        ("一、结果", 1, True),
    ],
)
def test_numbers_of_headings_are_understood(text: str, depth: int, sure: bool) -> None:
    found = numbering(text)
    assert found is not None
    assert (found.depth, found.sure) == (depth, sure)


@pytest.mark.parametrize("text", ["Results", "Part of the harbour", "2019 was a year", "12/04/2001", ""])
def test_texts_without_a_number_have_none(text: str) -> None:
    assert numbering(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("- 12 -", 12),
        ("Page 3 of 9", 3),
        ("3/9", 3),
        ("iv", 4),
        ("XII", 12),
        ("7-23", 23),
        ("C-13", 13),
        ("Seite 4", 4),
        ("第 5 页", 5),
        ("Mix", None),
        ("12. Results", None),
        ("", None),
    ],
)
def test_page_numbers_are_understood(text: str, number: int | None) -> None:
    assert page_number(text) == number


def test_roman_numerals_have_their_value_and_words_have_none() -> None:
    assert [roman(text) for text in ("i", "iv", "ix", "xl", "mcmxc", "iiii", "mild", "")] == [
        1, 4, 9, 40, 1990, None, None, None,
    ]  # fmt: skip
