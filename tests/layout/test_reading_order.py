"""Reading order of boxes whose right order is plain to see."""

from __future__ import annotations

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


def order(boxes: list[tuple[float, ...]], skew_degrees: float = 0.0) -> list[int]:
    """The order of boxes that were shuffled before, as positions in `boxes`."""
    shuffled = np.random.default_rng(4).permutation(len(boxes))
    quads = [tilted(Box(*boxes[index]), skew_degrees) for index in shuffled]
    straight = straight_boxes(quads, skew_degrees)
    return [int(shuffled[index]) for region in reading_order(straight) for index in region]


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


@given(st.lists(BOX, max_size=60))
def test_every_box_is_read_exactly_once(boxes: list[tuple[int, ...]]) -> None:
    found = [index for region in reading_order(np.array(boxes, float).reshape(-1, 4)) for index in region]
    assert sorted(found) == list(range(len(boxes)))


@given(st.lists(BOX, max_size=30))
def test_rows_hold_every_box_once(boxes: list[tuple[int, ...]]) -> None:
    found = rows(np.array(boxes, float).reshape(-1, 4), range(len(boxes)))
    assert sorted(index for row in found for index in row) == list(range(len(boxes)))
