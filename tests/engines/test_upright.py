"""Which way up a page stands: the votes of its boxes and of readings that are made up."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from quire.engines.ppocr import upright
from quire.engines.ppocr.ctc import Characters
from quire.geometry import rotate_quad, to_quad

LETTERS = 20


def across(count: int = 3, degrees: float = 0.0, width: float = 200.0) -> NDArray[np.float32]:
    """Lines below each other."""
    quads = [cv2.boxPoints(((200, 60 + 40 * row), (width, 20), degrees)) for row in range(count)]
    return np.array([corners[np.lexsort((corners[:, 1], corners[:, 0] > 200))][[0, 2, 3, 1]] for corners in quads])


def along(count: int = 3) -> NDArray[np.float32]:
    """Tall quads beside each other, from their top left."""
    lefts = [60 + 40 * column for column in range(count)]
    return np.array([[(x, 50), (x + 20, 50), (x + 20, 250), (x, 250)] for x in lefts], np.float32)


def reading(confidence: float, letters: int = LETTERS) -> Characters:
    return Characters(("a",) * letters, np.full(letters, confidence), np.zeros((letters, 2), np.int64), np.zeros(40))


class Readings:
    """A page that reads with these confidences when it is turned by these quarters."""

    def __init__(self, **by_turns: float) -> None:
        self.confidences = {int(name.removeprefix("turned_")): value for name, value in by_turns.items()}
        self.tried: list[int] = []

    def __call__(self, chosen: NDArray[np.int64], turns: int) -> list[Characters]:
        self.tried.append(turns)
        return [reading(self.confidences[turns]) for _ in chosen]


def test_a_page_without_text_is_left_as_it_is_unread() -> None:
    page = Readings()
    assert upright.quarter_turns(np.empty((0, 4, 2), np.float32), page) == 0
    assert page.tried == []


def test_a_page_that_reads_well_is_not_tried_the_other_way() -> None:
    page = Readings(turned_0=0.98)
    assert upright.quarter_turns(across(), page) == 0
    assert page.tried == [0]


@pytest.mark.parametrize(
    ("quads", "confidences", "turns"),
    [
        pytest.param(across(), {"turned_0": 0.6, "turned_2": 0.97}, 2, id="upside down"),
        pytest.param(across(), {"turned_0": 0.7, "turned_2": 0.72}, 0, id="poor both ways round"),
        pytest.param(along(), {"turned_1": 0.97, "turned_3": 0.6}, 1, id="text that runs up"),
        pytest.param(along(), {"turned_1": 0.6, "turned_3": 0.97}, 3, id="text that runs down"),
        pytest.param(along(), {"turned_1": 0.3, "turned_3": 0.4}, 0, id="columns that are no sideways lines"),
    ],
)
def test_the_way_that_reads_better_by_a_margin_wins(
    quads: NDArray[np.float32], confidences: dict[str, float], turns: int
) -> None:
    assert upright.quarter_turns(quads, Readings(**confidences)) == turns


def test_long_lines_outvote_many_that_are_short() -> None:
    quads = np.concatenate([across(2, width=380), along(3)])
    page = Readings(turned_0=0.98)
    assert upright.quarter_turns(quads, page) == 0


def test_the_sample_is_the_six_longest_lines() -> None:
    quads = np.concatenate([across(1, width=100 + 20 * index) for index in range(9)])
    assert upright.longest(quads).tolist() == [8, 7, 6, 5, 4, 3]
    assert upright.longest(along()).tolist() == []
    assert sorted(upright.longest(along(), along=True).tolist()) == [0, 1, 2]


@pytest.mark.parametrize("turns", [0, 1, 2, 3], ids=lambda turns: f"turned by {turns} quarters")
def test_turned_quads_start_where_the_upright_page_has_its_top_left(turns: int) -> None:
    (quad,) = upright.turned(np.array([[(10, 20), (110, 20), (110, 50), (10, 50)]], np.float32), turns)
    first, *others = rotate_quad(to_quad(quad), turns, 300, 200)
    assert all(first[0] <= x and first[1] <= y for x, y in others)


@pytest.mark.parametrize("turns", [0, 1, 2, 3], ids=lambda turns: f"turned by {turns} quarters")
def test_images_turn_clockwise(turns: int) -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    assert np.array_equal(upright.turn_image(pixels, turns), np.rot90(pixels, -turns))


@pytest.mark.parametrize("degrees", [-4.0, -0.5, 0.0, 2.5], ids=lambda degrees: f"{degrees} degrees")
def test_skew_is_the_tilt_of_the_long_lines_clockwise_positive(degrees: float) -> None:
    assert upright.skew_degrees(across(5, degrees)) == pytest.approx(degrees, abs=0.05)


def test_a_few_tilted_lines_do_not_tilt_the_page() -> None:
    assert upright.skew_degrees(np.concatenate([across(5), across(2, 8.0)])) == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("quads", [np.empty((0, 4, 2), np.float32), along()], ids=["no lines", "no long lines"])
def test_a_page_without_long_lines_has_no_skew(quads: NDArray[np.float32]) -> None:
    assert upright.skew_degrees(quads) == 0.0
