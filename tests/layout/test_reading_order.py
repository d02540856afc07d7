"""Reading order of boxes whose right order is plain to see."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from quire.geometry import Box, Quad, to_quad
from quire.layout.order import reading_order, straight_boxes
from quire.layout.rows import rows

Boxes = NDArray[np.float64]
LEFT, RIGHT = (60.0, 460.0), (520.0, 920.0)


def column(span: tuple[float, float], top: float, count: int, pitch: float = 30.0) -> list[tuple[float, ...]]:
    """Lines of 20 pixels below each other, every fourth one short."""
    x0, x1 = span
    return [(x0, top + pitch * row, x1 - (80 if row % 4 == 3 else 0), top + pitch * row + 20) for row in range(count)]


def order(
    boxes: Sequence[tuple[float, ...]], skew_degrees: float = 0.0, rules: Sequence[tuple[float, ...]] | None = None
) -> list[int]:
    """The order of boxes that were shuffled before, as positions in `boxes`."""
    shuffled = np.random.default_rng(4).permutation(len(boxes))
    quads = [tilted(Box(*boxes[index]), skew_degrees) for index in shuffled]
    straight = straight_boxes(quads, skew_degrees)
    drawn = None if rules is None else np.array(rules)
    return [int(shuffled[index]) for region in reading_order(straight, None, drawn) for index in region]


def tilted(box: Box, degrees: float) -> Quad:
    """The box turned clockwise about the page's origin."""
    angle = radians(degrees)
    return to_quad([(x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)) for x, y in box.quad])


@pytest.mark.parametrize("skew", [0.0, 3.0, -3.0], ids=["upright", "tilted right", "tilted left"])
def test_two_columns_are_read_one_after_the_other(skew: float) -> None:
    boxes = column(LEFT, 100, 12) + column(RIGHT, 100, 12)
    assert order(boxes, skew) == list(range(24))


def test_columns_whose_lines_are_not_level_are_read_one_after_the_other() -> None:
    boxes = column(LEFT, 100, 12) + column(RIGHT, 113, 12, pitch=33)
    assert order(boxes) == list(range(24))


def test_three_columns_are_read_from_left_to_right() -> None:
    boxes = column((40, 320), 80, 10) + column((360, 640), 80, 10) + column((680, 960), 80, 10)
    assert order(boxes) == list(range(30))


def test_a_title_across_comes_first_and_a_footer_across_last() -> None:
    title, footer = (60.0, 40.0, 920.0, 80.0), (60.0, 520.0, 920.0, 540.0)
    boxes = [title, *column(LEFT, 120, 12), *column(RIGHT, 120, 12), footer]
    assert order(boxes) == list(range(26))


def test_a_rule_across_the_columns_parts_one_story_from_the_next() -> None:
    above = column(LEFT, 100, 8) + column(RIGHT, 100, 8)
    below = column(LEFT, 360, 8) + column(RIGHT, 360, 8)
    assert order(above + below, rules=[(60, 349, 920, 351)]) == list(range(32))


@pytest.mark.parametrize(
    "rule",
    [(60, 349, 460, 351), (300, 228, 700, 230), (60, 40, 920, 42), (489, 100, 491, 600)],
    ids=["under one column", "through words", "above the page", "upright"],
)
def test_rules_that_part_no_stories_leave_columns_whole(rule: tuple[float, ...]) -> None:
    boxes = column(LEFT, 100, 17) + column(RIGHT, 100, 17)
    assert order(boxes, rules=[rule]) == list(range(34))


def test_a_title_and_a_page_number_at_the_ends_of_a_footer_are_two_regions() -> None:
    footer = [(60.0, 700.0, 200.0, 720.0), (880.0, 700.0, 920.0, 720.0)]
    regions = reading_order(np.array([*column((60, 920), 100, 12), *footer]))
    assert regions[-2:] == [[12], [13]]


def test_labels_and_boxed_values_of_one_width_are_read_row_by_row() -> None:
    tops = [100.0 + 44 * row for row in range(8)]
    boxes = [box for top in tops for box in ((60.0, top, 190.0, top + 20), (340.0, top, 500.0, top + 20))]
    assert order(boxes) == list(range(16))


def test_a_receipt_is_read_row_by_row() -> None:
    boxes = []
    for row in range(12):
        top = 100.0 + 34 * row
        boxes += [
            (30.0, top, 180.0 + 15 * (row % 5), top + 22),
            (520.0 - 8 * (row % 3), top, 600.0, top + 22),
        ]
    assert order(boxes) == list(range(24))


def test_a_form_of_labels_and_values_is_read_row_by_row() -> None:
    boxes = []
    for row in range(10):
        top = 100.0 + 70 * row
        label_width, value_width = 60 + 37 * (row % 4), 90 + 110 * (row % 5)
        boxes += [(80.0, top, 80.0 + label_width, top + 24), (340.0, top - 2, 340.0 + value_width, top + 26)]
    assert order(boxes) == list(range(20))


def test_rows_hold_what_is_level_from_left_to_right() -> None:
    boxes = np.array([(200, 12, 260, 32), (10, 50, 80, 70), (10, 10, 80, 30), (300, 16, 360, 34)], float)
    assert rows(boxes, range(4)) == [[2, 0, 3], [1]]


def test_a_logo_beside_several_rows_belongs_to_none() -> None:
    logo, small = (10, 10, 80, 130), [(100, 40 * row, 300, 40 * row + 20) for row in range(3)]
    assert rows(np.array([logo, *small], float), range(4)) == [[1], [2], [0], [3]]


@pytest.mark.parametrize(
    ("boxes", "regions"),
    [
        pytest.param(np.empty((0, 4)), [], id="no box"),
        pytest.param(np.array([[5.0, 5, 90, 20]]), [[0]], id="one box"),
        pytest.param(np.full((3, 4), 7.0), [[0, 1, 2]], id="boxes without extent in one place"),
    ],
)
def test_hardly_anything_is_ordered_too(boxes: Boxes, regions: list[list[int]]) -> None:
    assert [sorted(region) for region in reading_order(boxes)] == regions


BOX = st.builds(
    lambda x, y, width, height: (x, y, x + width, y + height),
    st.integers(0, 2000), st.integers(0, 3000), st.integers(0, 900), st.integers(0, 60),
)  # fmt: skip


@given(st.lists(BOX, max_size=60), st.lists(BOX, max_size=8))
def test_every_box_is_read_exactly_once(boxes: list[tuple[int, ...]], rules: list[tuple[int, ...]]) -> None:
    places, drawn = (np.array(some, float).reshape(-1, 4) for some in (boxes, rules))
    found = [index for region in reading_order(places, None, drawn) for index in region]
    assert sorted(found) == list(range(len(boxes)))


@given(st.lists(BOX, max_size=30))
def test_rows_hold_every_box_once(boxes: list[tuple[int, ...]]) -> None:
    found = rows(np.array(boxes, float).reshape(-1, 4), range(len(boxes)))
    assert sorted(index for row in found for index in row) == list(range(len(boxes)))
