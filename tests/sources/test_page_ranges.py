"""Page ranges as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.errors import InvalidPageRange, OptionError, PageOutOfRange
from quire.sources.pages import select_pages


@pytest.mark.parametrize(
    ("spec", "pages"),
    [
        pytest.param(None, (1, 2, 3, 4, 5, 6, 7), id="nothing means all pages"),
        pytest.param("1-3,7", (1, 2, 3, 7), id="a range and a page"),
        pytest.param("-1", (7,), id="minus one is the last page"),
        pytest.param("1-3,7,-1", (1, 2, 3, 7), id="a page named twice comes once"),
        pytest.param("5-", (5, 6, 7), id="an open range ends with the document"),
        pytest.param("-3--1", (5, 6, 7), id="a range may count from the end"),
        pytest.param("-2-", (6, 7), id="an open range may start from the end"),
        pytest.param("4,2,3", (4, 2, 3), id="the order is kept"),
        pytest.param("5-20?", (5, 6, 7), id="a range goes as far as the document does"),
        pytest.param("5-6?", (5, 6), id="and no farther than it says"),
        pytest.param(" 2 - 3 , 5 ", (2, 3, 5), id="spaces do not matter"),
    ],
)
def test_a_range_selects_pages(spec: str | None, pages: tuple[int, ...]) -> None:
    assert select_pages(spec, 7) == pages


@pytest.mark.parametrize(
    "spec",
    ["", ",", "1,,2", "a", "1-2-3", "3-1", "0", "1.5", "1 2", "٣", "--1", "+1", "1;2", "5?", "5-?", "1-0?"],
    ids=lambda spec: f"refuses '{spec}'",
)
def test_what_is_no_range_is_refused(spec: str) -> None:
    with pytest.raises(InvalidPageRange):
        select_pages(spec, 7)


@pytest.mark.parametrize("spec", ["8", "-8", "1-8", "1-999999999999", "999999999999-", "8-9?"])
def test_a_missing_page_is_named_with_the_number_of_pages(spec: str) -> None:
    with pytest.raises(PageOutOfRange, match="7 pages"):
        select_pages(spec, 7)


def test_one_page_is_said_in_the_singular() -> None:
    with pytest.raises(PageOutOfRange, match=r"1 page$"):
        select_pages("2", 1)


@pytest.mark.parametrize(
    "spec",
    ["1," * 500_000, "9" * 5_000, "1" + " " * 9_000 + "x", "1-" + " " * 9_000 + "x"],
    ids=lambda s: s[:4],
)
def test_a_hostile_range_is_refused_at_once(spec: str) -> None:
    with pytest.raises(InvalidPageRange):
        select_pages(spec, 7)


@given(st.text(alphabet="0123456789-, x?", max_size=40), st.integers(1, 50))
def test_any_text_gives_existing_pages_once_or_an_option_error(spec: str, pages_total: int) -> None:
    try:
        pages = select_pages(spec, pages_total)
    except OptionError:
        return
    assert pages
    assert len(set(pages)) == len(pages)
    assert all(1 <= page <= pages_total for page in pages)


@given(st.integers(1, 200), st.data())
def test_written_ranges_come_back_as_the_pages_they_name(pages_total: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, pages_total))
    last = data.draw(st.integers(first, pages_total))
    wanted = tuple(range(first, last + 1))
    assert select_pages(f"{first}-{last}", pages_total) == wanted
    assert select_pages(f"{first - pages_total - 1}-{last - pages_total - 1}", pages_total) == wanted
