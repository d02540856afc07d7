"""Pages that need no search for tables, told apart at a glance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.document import Line, Word
from quire.geometry import Box
from quire.layout.tables import find_tables
from quire.layout.tables.plain import is_plain
from quire.layout.tables.regions import stacks
from quire.layout.tables.sheet import sheet_of
from quire.layout.tables.words import words_of
from quire.view import PageView, Rule

Place = tuple[float, float, float]


def _view(rows: list[list[Place]], rules: tuple[Rule, ...] = ()) -> PageView:
    """A page whose lines hold words, 20 pixels high, at x, y and as wide as they say."""
    lines = []
    for row in rows:
        words = tuple(Word("1200", Box(x, y, x + width, y + 20).quad, 1.0) for x, y, width in row)
        box = Box(min(x for x, _, _ in row), min(y for _, y, _ in row), max(x + w for x, _, w in row), row[0][1] + 20)
        lines.append(Line(" ".join(word.text for word in words), box.quad, 1.0, words))
    return PageView(2000, 2000, 150.0, 0.0, tuple(lines), rules=rules)


def _is_plain(view: PageView) -> bool:
    words = words_of(view)
    return is_plain(words.boxes, words.lines, view.rules)


PROSE = [[(100 + 70 * place, 100 + 30 * line, 60) for place in range(9)] for line in range(12)]
TABLE = [[(100 + 300 * place, 100 + 30 * line, 60) for place in range(3)] for line in range(6)]


def test_running_text_is_plain() -> None:
    assert _is_plain(_view(PROSE))


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(_view(TABLE), id="columns within lines"),
        pytest.param(_view([[place] for row in TABLE for place in row]), id="columns of lines"),
        pytest.param(
            _view(PROSE, (Rule(90, 90, 800, 90), Rule(90, 460, 800, 460), Rule(90, 90, 90, 460))), id="rules that meet"
        ),
        pytest.param(PageView(100, 100, None, 0.0, ()), id="no words"),
    ],
)
def test_what_may_be_a_table_is_not_plain(view: PageView) -> None:
    assert not _is_plain(view)


def test_a_table_is_still_found() -> None:
    assert len(find_tables(_view(TABLE))) == 1


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 900), st.integers(-12, 12), st.integers(5, 120)), min_size=1, max_size=6),
        min_size=1,
        max_size=8,
    ),
    st.integers(8, 40),
)
def test_a_plain_page_never_has_columns(rows: list[list[tuple[int, int, int]]], pitch: int) -> None:
    view = _view([[(x, 100 + pitch * line + y, width) for x, y, width in row] for line, row in enumerate(rows)])
    sheet = sheet_of(view)
    if sheet is not None and _is_plain(view):
        assert stacks(sheet, sheet.tokens) == []


def test_words_are_given_with_their_lines() -> None:
    words = words_of(_view([[(0, 0, 10), (20, 0, 0)], [(0, 30, 10)]]))
    assert words.lines.tolist() == [0, 1]
    assert np.array_equal(words.boxes, [[0, 0, 10, 20], [0, 30, 10, 50]])
