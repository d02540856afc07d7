"""Lists: markers, nesting, items of several paragraphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from views import PROSE, blocks, column, line

from quire.document import Line
from quire.layout.markers import markers


def stacked(*texts: str, x0: float = 100) -> list[Line]:
    """Lines below each other; two spaces in front of one set it in by a step."""
    return [
        line(text.strip(), x0 + 15 * (len(text) - len(text.lstrip())), 300 + 26 * row) for row, text in enumerate(texts)
    ]


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [
        pytest.param("• one", "bullet", 0, id="a bullet"),
        pytest.param("•one", "bullet", 0, id="a bullet that touches its text"),
        pytest.param("– one", "bullet", 0, id="a dash"),
        pytest.param("12. one", "number", 12, id="a number and a full stop"),
        pytest.param("(3) one", "number", 3, id="a number in brackets"),
        pytest.param("②一个", "number", 2, id="a number in a circle"),
        pytest.param("b) one", "letter", 2, id="a letter"),
        pytest.param("iv. one", "roman", 4, id="a Roman numeral"),
        pytest.param("三、一个", "han", 3, id="a Han numeral"),
    ],
)
def test_markers_are_known(text: str, style: str, value: int) -> None:
    assert (markers(text)[0].style, markers(text)[0].value) == (style, value)


@pytest.mark.parametrize(
    "text", ["one", "3.5 metres", "1,000 boats", "2.1 Results", "A", "12.", "Mr. Rice", "mix. one"]
)
def test_what_only_looks_like_a_marker_is_none(text: str) -> None:
    assert markers(text) == ()


@given(st.text(max_size=40))
def test_any_text_may_be_asked_for_markers(text: str) -> None:
    assert all(0 < marker.end <= len(text) for marker in markers(text))


def test_bullets_make_a_list_whose_items_run_on() -> None:
    lines = stacked("• " + PROSE[0], "  " + PROSE[1], "• lamps", "• keepers")
    (block,) = blocks(lines)
    assert block.kind == "list"
    assert [item.text for item in block.items] == [f"{PROSE[0]} {PROSE[1]}", "lamps", "keepers"]
    assert block.text == "\n".join(f"• {item.text}" for item in block.items)


def test_numbers_that_count_up_make_an_ordered_list() -> None:
    (block,) = blocks(stacked("1. boats", "2. lamps", "3. keepers"))
    assert [(item.marker, item.ordered, item.level) for item in block.items] == [
        ("1.", True, 1), ("2.", True, 1), ("3.", True, 1),
    ]  # fmt: skip


def test_items_that_are_set_in_are_nested() -> None:
    (block,) = blocks(stacked("1. boats", "   a) old ones", "   b) new ones", "2. lamps"))
    assert [(item.text, item.level) for item in block.items] == [
        ("boats", 1), ("old ones", 2), ("new ones", 2), ("lamps", 1),
    ]  # fmt: skip


def test_a_number_amid_running_text_begins_no_list() -> None:
    lines = column(100, 300, 3) + stacked("1871. It was his father who lit the lamp then.")
    assert {block.kind for block in blocks(lines)} == {"paragraph"}


def test_one_numbered_line_is_no_list() -> None:
    found = blocks([line("3. The harbour", 100, 250), *column(100, 300)])
    assert [block.kind for block in found if block.kind == "list"] == []
