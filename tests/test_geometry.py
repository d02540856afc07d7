"""Points and boxes: what holds for all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.geometry import Box, Quad, bounds, rotate_quad, to_quad, union_box

NUMBER = st.integers(-10_000, 10_000).map(lambda tenths: tenths / 10)
POINT = st.tuples(NUMBER, NUMBER)
QUAD = st.tuples(POINT, POINT, POINT, POINT)
BOX = st.builds(
    lambda x, y, width, height: Box(x, y, x + width, y + height), NUMBER, NUMBER, *[st.integers(0, 500)] * 2
)
TURNS = st.integers(-8, 8)
SIDE = st.integers(1, 3000)


@given(BOX, BOX)
def test_an_intersection_is_shared_and_never_larger_than_either(one: Box, other: Box) -> None:
    shared = one.intersection(other)
    assert shared == other.intersection(one)
    assert 0 <= shared <= min(one.area, other.area) + 1e-6
    assert one.intersection(one) == one.area


def test_a_box_that_ends_before_it_starts_is_empty() -> None:
    inverted = Box(10, 10, 4, 2)
    assert inverted.area == 0
    assert inverted.intersection(Box(0, 0, 20, 20)) == 0


@given(st.lists(QUAD, min_size=1, max_size=5))
def test_bounds_hold_every_corner_and_touch_each_side(quads: list[Quad]) -> None:
    box = bounds(quads)
    points = [point for quad in quads for point in quad]
    assert all(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1 for x, y in points)
    assert {box.x0, box.x1} <= {x for x, _ in points}
    assert {box.y0, box.y1} <= {y for _, y in points}
    assert union_box(quads) == box.quad


@given(BOX)
def test_a_box_is_the_bounds_of_its_corners(box: Box) -> None:
    assert bounds([box.quad]) == box


def test_no_quads_have_no_bounds() -> None:
    with pytest.raises(ValueError, match="no quads"):
        bounds([])


@given(QUAD, TURNS, SIDE, SIDE)
def test_turning_on_to_a_full_turn_brings_the_quad_back(quad: Quad, turns: int, width: int, height: int) -> None:
    turned = rotate_quad(quad, turns, width, height)
    sides = (height, width) if turns % 2 else (width, height)
    assert np.allclose(rotate_quad(turned, -turns, *sides), quad)


@given(QUAD, TURNS, SIDE, SIDE)
def test_turning_keeps_lengths(quad: Quad, turns: int, width: int, height: int) -> None:
    before, after = np.array(quad), np.array(rotate_quad(quad, turns, width, height))
    assert np.allclose(np.linalg.norm(np.diff(before, axis=0), axis=1), np.linalg.norm(np.diff(after, axis=0), axis=1))


@given(TURNS, st.integers(1, 40), st.integers(1, 40), st.data())
def test_a_quad_turns_as_its_image_does(turns: int, width: int, height: int, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    image = np.zeros((height, width), bool)
    image[y, x] = True
    box = bounds([rotate_quad(Box(x, y, x + 1, y + 1).quad, turns, width, height)])
    ((row, column),) = np.argwhere(np.rot90(image, -turns)).tolist()
    assert box == (column, row, column + 1, row + 1)


def test_a_quad_is_made_of_plain_floats_with_one_decimal() -> None:
    quad = to_quad(np.array([[1, 2.26], [3.04, 2], [3, 5], [1, 5]], np.float32))
    assert quad == ((1.0, 2.3), (3.0, 2.0), (3.0, 5.0), (1.0, 5.0))
    assert {type(value) for point in quad for value in point} == {float}
