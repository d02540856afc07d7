"""Lines gathered into blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.document import Line
from quire.geometry import Box, bounds
from quire.layout import arrange


def line(text: str, x0: float, y0: float, x1: float, y1: float) -> Line:
    return Line(text, Box(x0, y0, x1, y1).quad, 0.9)


def texts(lines: list[Line], skew_degrees: float = 0.0) -> list[str]:
    _, blocks = arrange(lines, skew_degrees)
    return [block.text for block in blocks]


def test_lines_that_follow_each_other_make_one_paragraph() -> None:
    lines = [line(f"line {row}", 50, 100 + 30 * row, 400, 122 + 30 * row) for row in (2, 0, 1)]
    assert texts(lines) == ["line 0\nline 1\nline 2"]


def test_a_gap_parts_paragraphs() -> None:
    lines = [line(f"line {row}", 50, y, 400, y + 22) for row, y in enumerate((100, 130, 200, 230))]
    assert texts(lines) == ["line 0\nline 1", "line 2\nline 3"]


def test_a_heading_in_larger_letters_is_a_block_of_its_own() -> None:
    lines = [
        line("Heading", 50, 100, 400, 140),
        line("body", 50, 150, 400, 170),
        line("more", 50, 176, 400, 196),
    ]
    assert texts(lines) == ["Heading", "body\nmore"]


def test_what_is_level_shares_a_row_of_text() -> None:
    assert texts([line("3.20", 500, 102, 560, 122), line("Tea", 30, 100, 90, 122)]) == ["Tea 3.20"]


def test_blocks_enclose_their_lines() -> None:
    lines = [line("a", 50, 100, 400, 122), line("b", 40, 128, 380, 150)]
    _, (block,) = arrange(lines, 0.0)
    assert bounds([block.box]) == (40, 100, 400, 150)
    assert (block.kind, block.level) == ("paragraph", None)


@pytest.mark.parametrize("count", [0, 1], ids=["no line", "one line"])
def test_hardly_anything_is_arranged_too(count: int) -> None:
    lines = [line("alone", 10, 10, 90, 30)] * count
    ordered, blocks = arrange(lines, 0.0)
    assert ordered == tuple(lines)
    assert [block.lines for block in blocks] == [(0,)] * count


def crowd(kind: str) -> list[Line]:
    """3,000 lines, the most that the detector gives."""
    random = np.random.default_rng(2)
    if kind == "a grid":
        places = [(20 * (index % 50), 12 * (index // 50), 15, 9) for index in range(3000)]
    elif kind == "one row":
        places = [(12 * index, 40, 10, 20) for index in range(3000)]
    elif kind == "one column":
        places = [(40, 24 * index, 600, 20) for index in range(3000)]
    elif kind == "wide lines between columns":
        places = [
            (0 if index % 5 else 500, 12 * (index // 2), 1000 if index % 5 == 0 else 300, 10) for index in range(3000)
        ]
    else:
        places = [tuple(random.integers(1, 2000, 4)) for _ in range(3000)]
    return [line("x", x, y, x + width, y + height) for x, y, width, height in places]


@pytest.mark.parametrize("kind", ["a grid", "one row", "one column", "wide lines between columns", "a heap"])
def test_three_thousand_lines_are_arranged(kind: str) -> None:
    ordered, blocks = arrange(crowd(kind), 0.0)
    assert len(ordered) == 3000
    assert [index for block in blocks for index in block.lines] == list(range(3000))


LINE = st.builds(
    lambda x, y, width, height: line(f"{x} {y}", x, y, x + width, y + height),
    st.integers(0, 1500), st.integers(0, 2000), st.integers(1, 900), st.integers(1, 60),
)  # fmt: skip


@given(st.lists(LINE, max_size=40), st.floats(-5, 5))
def test_blocks_refer_to_every_line_once_and_in_order(lines: list[Line], skew_degrees: float) -> None:
    ordered, blocks = arrange(lines, skew_degrees)
    assert sorted(ordered, key=repr) == sorted(lines, key=repr)
    assert [index for block in blocks for index in block.lines] == list(range(len(lines)))
    for block in blocks:
        assert "".join(block.text.split()) == "".join("".join(ordered[index].text.split()) for index in block.lines)
