"""From maps of logits to quads, and the detector on real pixels."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from quire.engines.ppocr.detector import TILE_MARGIN_PX, Detector, pixel_map, quads_of, tiling
from quire.engines.ppocr.graphs import LOGITS, PIXELS
from quire.runtimes.base import Array

TEXT, GROUND = 6.0, -6.0


def area(corners: list[tuple[float, float]], text: float = TEXT) -> NDArray[np.float32]:
    """A map (200, 300) with one area of text."""
    logits = np.full((200, 300), GROUND, np.float32)
    cv2.fillConvexPoly(logits, np.array(corners, np.int32), text)
    return logits


def rectangle(x0: int, y0: int, x1: int, y1: int) -> list[tuple[float, float]]:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


@given(arrays.arrays(np.float32, st.tuples(st.just(16), st.integers(1, 6), st.integers(1, 6))))
def test_sixteen_channels_are_the_pixels_of_each_four_by_four_cell(logits: NDArray[np.float32]) -> None:
    _, height, width = logits.shape
    expected = np.empty((4 * height, 4 * width), np.float32)
    for y in range(4 * height):
        for x in range(4 * width):
            expected[y, x] = logits[4 * (y % 4) + x % 4, y // 4, x // 4]
    assert np.array_equal(pixel_map(logits), expected, equal_nan=True)


def test_an_area_of_text_grows_to_its_letters_full_extent() -> None:
    (quad,) = quads_of(area(rectangle(60, 80, 200, 95)))
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    assert 40 < left < 55
    assert 205 < right < 220
    assert 60 < top < 75
    assert 100 < bottom < 115
    assert quad[0] == pytest.approx([left, top])
    assert quad[2] == pytest.approx([right, bottom])


@pytest.mark.parametrize("degrees", [-30, -5, 5, 30], ids=lambda degrees: f"tilted by {degrees} degrees")
def test_quads_follow_tilted_text_and_start_at_its_top_left(degrees: int) -> None:
    corners = cv2.boxPoints(((150, 100), (160, 20), degrees))
    (quad,) = quads_of(area(corners.tolist()))
    run = quad[1] - quad[0]
    assert np.degrees(np.arctan2(run[1], run[0])) == pytest.approx(degrees, abs=1)


@pytest.mark.parametrize(
    "logits",
    [
        pytest.param(np.full((64, 64), GROUND, np.float32), id="an empty page"),
        pytest.param(area(rectangle(50, 50, 150, 51)), id="a hairline"),
        pytest.param(area(rectangle(50, 50, 150, 70), text=-0.5), id="an area that hardly looks like text"),
    ],
)
def test_what_is_no_text_gives_no_quad(logits: NDArray[np.float32]) -> None:
    assert quads_of(logits).shape == (0, 4, 2)


def test_a_page_of_specks_gives_a_bounded_number_of_quads() -> None:
    logits = np.full((1024, 1024), GROUND, np.float32)
    for y in range(2, 1020, 12):
        for x in range(2, 1020, 12):
            logits[y : y + 6, x : x + 6] = TEXT
    assert 1000 < len(quads_of(logits)) <= 3000


@given(arrays.arrays(np.float32, (24, 24), elements=st.floats(-50, 50, width=32)))
def test_any_map_gives_finite_quads(logits: NDArray[np.float32]) -> None:
    quads = quads_of(logits)
    assert quads.shape[1:] == (4, 2)
    assert np.isfinite(quads).all()


class Recording:
    """A network that sees no text, and remembers the shapes of what it saw."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []

    def run(self, inputs: dict[str, Array]) -> dict[str, Array]:
        (pixels,) = inputs.values()
        self.shapes.append(pixels.shape)
        _, height, width, _ = pixels.shape
        return {"logits": np.full((1, 16, height // 4, width // 4), GROUND, np.float32)}


@pytest.mark.parametrize(
    ("height", "width"),
    [
        pytest.param(1754, 1240, id="an A4 page"),
        pytest.param(1, 1, id="a single pixel"),
        pytest.param(1, 20_000, id="a line one pixel high"),
        pytest.param(20_000, 1, id="a column one pixel wide"),
        pytest.param(300, 6000, id="a banner"),
    ],
)
def test_the_network_sees_a_bounded_picture_whatever_the_page(height: int, width: int) -> None:
    network = Recording()
    quads = Detector(network).detect(np.full((height, width, 3), 255, np.uint8), 640)
    ((_, rows, columns, _),) = network.shapes
    assert quads.shape == (0, 4, 2)
    assert rows % 32 == columns % 32 == 0
    assert rows * columns <= 2 * 640**2


@pytest.mark.parametrize(
    ("length", "other"),
    [(64, 64), (1024, 1024), (1088, 1024), (1408, 1024), (2240, 2240), (2816, 192), (20_032, 64), (6400, 64)],
)
def test_tiles_cover_a_side_without_gaps_and_see_past_their_inner_parts(length: int, other: int) -> None:
    parts = tiling(length, other)
    assert parts[0][0] == 0
    assert parts[-1][1] == length
    assert all(before[1] == after[0] for before, after in pairwise(parts))
    assert len({part.stop - part.start for _, _, part in parts}) == 1
    for start, end, part in parts:
        assert part.start <= start < end <= part.stop
        assert start == 0 or start - part.start >= TILE_MARGIN_PX
        assert end == length or part.stop - end >= TILE_MARGIN_PX


def test_a_page_in_tiles_is_seen_as_in_one_piece() -> None:
    class Brightness:
        """Says "text" where the picture is dark, at the network's four-pixel cells."""

        def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
            picture = np.asarray(inputs[PIXELS][0, :, :, 0], np.float32)
            height, width = picture.shape
            cells = (128 - picture).reshape(height // 4, 4, width // 4, 4)
            return {LOGITS: cells.transpose(1, 3, 0, 2).reshape(1, 16, height // 4, width // 4)}

    page = np.full((1920, 2560, 3), 255, np.uint8)
    drawn = [(100, 200, 900, 260), (700, 900, 1900, 960), (1500, 1700, 2500, 1760), (90, 1000, 130, 1900)]
    for left, top, right, bottom in drawn:
        page[top:bottom, left:right] = 0
    found = Detector(Brightness()).detect(page, round((1920 * 2560) ** 0.5))
    assert len(found) == len(drawn)
    centres = sorted(map(tuple, found.mean(axis=1).round().astype(int).tolist()))
    expected = sorted(((left + right) // 2, (top + bottom) // 2) for left, top, right, bottom in drawn)
    assert np.abs(np.array(centres) - np.array(expected)).max() <= 2


def test_thousands_of_specks_do_not_crowd_out_a_line() -> None:
    logits = np.full((640, 640), GROUND, np.float32)
    logits[200::4, ::4] = TEXT
    logits[40:60, 40:400] = TEXT
    assert len(quads_of(logits)) == 1
