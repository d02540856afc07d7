"""Lines that were read across a gutter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from views import PROSE, arranged, column, line, page

from quire.document import Line
from quire.layout.merged import parted
from quire.view import LineStyle

LEFT, RIGHT = 60.0, 490.0


def merged(y0: float) -> str:
    return f"{PROSE[4]} {PROSE[5]}"


def test_a_line_across_a_narrow_gutter_becomes_two() -> None:
    whole = line(merged(404), LEFT, 404, RIGHT + 414)
    view = page([*column(LEFT, 300, 4), *column(RIGHT, 300, 4), whole], styles=[LineStyle(16)] * 9)
    found = parted(view)
    assert [each.text for each in found.lines[-2:]] == [PROSE[4], PROSE[5]]
    assert len(found.styles) == len(found.lines) == 10
    assert found.lines[-2].words + found.lines[-1].words == whole.words


def test_the_columns_are_then_read_one_after_the_other() -> None:
    view = page([*column(LEFT, 300, 4), *column(RIGHT, 300, 4), line(merged(404), LEFT, 404, RIGHT + 414)])
    texts = [block.text for block in arranged(parted(view)).blocks]
    assert texts == [" ".join(PROSE[:5]), " ".join((*PROSE[:4], PROSE[5]))]


def test_a_title_across_columns_stays_whole() -> None:
    title = line("the quiet harbour and the keeper of its lamp, as he was", 200, 200, 800)
    view = page([title, *column(LEFT, 300), *column(RIGHT, 300)])
    assert parted(view) is view


def test_one_column_has_no_gutter() -> None:
    view = page(column(LEFT, 300))
    assert parted(view) is view


LINE = st.builds(
    lambda x, y, width: line("some words of a line", x, y, x + width),
    st.sampled_from([60, 480, 490]), st.integers(0, 40).map(lambda row: 26 * row), st.sampled_from([60, 420, 850]),
)  # fmt: skip


@given(st.lists(LINE, max_size=40), st.floats(-3, 3))
def test_no_word_is_lost(lines: list[Line], skew_degrees: float) -> None:
    found = parted(page(lines, skew_degrees=skew_degrees))
    assert " ".join(each.text for each in found.lines).split() == " ".join(each.text for each in lines).split()
