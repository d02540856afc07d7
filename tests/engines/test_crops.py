"""Strips cut out of pages: their widths, their turns, their edges."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.engines.ppocr import crops

PAGE = np.random.default_rng(3).integers(0, 256, (120, 200, 3), np.uint8)


def quad(x0: float, y0: float, x1: float, y1: float) -> np.ndarray:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)


def turned_quad(centre: tuple[float, float], size: tuple[float, float], degrees: float) -> np.ndarray:
    """Clockwise on the screen, from its own top left."""
    (x, y), (width, height) = centre, size
    turn = cv2.getRotationMatrix2D(centre, -degrees, 1)
    corners = quad(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return (np.c_[corners, np.ones(4)] @ turn.T).astype(np.float32)


def test_size_is_measured_along_and_across_the_text() -> None:
    quads = np.array([quad(10, 10, 110, 30), turned_quad((100, 60), (80, 20), 90)])
    width, height = crops.size(quads)
    assert width == pytest.approx([100, 80])
    assert height == pytest.approx([20, 20], abs=1e-3)


def test_tall_quads_hold_sideways_lines() -> None:
    quads = np.array([quad(0, 0, 100, 20), quad(0, 0, 20, 100), quad(0, 0, 20, 22)])
    assert crops.sideways(quads).tolist() == [False, True, False]


@given(st.floats(0, 1e6), st.floats(0.1, 1))
def test_strips_have_few_widths_unless_they_are_read_in_pieces(natural: float, squeeze: float) -> None:
    width = crops.strip_width(natural, squeeze)
    assert width in crops.WIDTHS or width > crops.MAX_WIDTH


@pytest.mark.parametrize("width", [48, 2000, crops.MAX_WIDTH, crops.MAX_WIDTH + 8, 4512, 4520, 9_600, 40_000])
def test_pieces_of_a_long_strip_cover_it_and_are_seen_past_their_ends(width: int) -> None:
    strip = np.random.default_rng(width).integers(0, 256, (crops.HEIGHT, width, 3), np.uint8)
    parts = crops.pieces(strip)
    assert (parts[0].begin, parts[-1].end) == (0, width)
    assert all(before.end == after.begin for before, after in pairwise(parts))
    for part in parts:
        end = min(part.start + crops.MAX_WIDTH, width)
        assert 0 <= part.start <= part.begin < part.end <= end
        assert part.begin == 0 or part.begin - part.start >= crops.HEIGHT - 8
        assert part.end == width or end - part.end >= crops.HEIGHT - 8
        assert len(parts) == 1 or end - part.start == crops.MAX_WIDTH


def test_a_long_strip_is_parted_between_words() -> None:
    strip = np.full((crops.HEIGHT, 6000, 3), 255, np.uint8)
    for start in range(10, 5800, 260):
        strip[10:38:2, start : start + 230] = 0
    parts = crops.pieces(strip)
    assert len(parts) > 2
    assert all((strip[:, part.begin - 2 : part.begin + 2] == 255).all() for part in parts[1:])


@given(st.floats(48, 2496))
def test_rounding_changes_a_letters_shape_by_little(natural: float) -> None:
    assert 0.85 < crops.strip_width(natural, 1.0) / natural < 1.18


def test_only_long_lines_are_squeezed() -> None:
    assert crops.strip_width(200, 0.5) == crops.strip_width(200, 1.0)
    assert crops.strip_width(2000, 0.5) == pytest.approx(1000, rel=0.1)


def test_an_upright_strip_shows_the_quads_own_pixels() -> None:
    strip = crops.cut(PAGE, quad(20, 30, 116, 78), 96)
    assert np.array_equal(strip, PAGE[30:78, 20:116])


@pytest.mark.parametrize("turns", [1, 2, 3], ids=["a quarter turn", "upside down", "three quarter turns"])
def test_a_turned_strip_shows_what_the_upright_one_shows(turns: int) -> None:
    smooth = cv2.GaussianBlur(PAGE, (0, 0), 6)
    upright = crops.cut(smooth, quad(20, 30, 116, 78), 96)
    height, width = smooth.shape[:2]
    corners = quad(20, 30, 116, 78)
    for _ in range(turns):
        corners = np.stack([height - corners[:, 1], corners[:, 0]], axis=1)
        height, width = width, height
    strip = crops.cut(np.ascontiguousarray(np.rot90(smooth, -turns)), corners.astype(np.float32), 96)
    assert cv2.absdiff(strip, upright).mean() < 2


def test_a_tilted_strip_stands_straight() -> None:
    page = np.full((120, 200, 3), 255, np.uint8)
    corners = turned_quad((100, 60), (140, 40), 20)
    cv2.fillConvexPoly(page, corners.round().astype(np.int32), (0, 0, 0))
    strip = crops.cut(page, corners, 160)
    assert strip[4:-4, 4:-4].mean() < 10


@given(
    st.lists(st.tuples(st.floats(-500, 700), st.floats(-500, 700)), min_size=4, max_size=4),
    st.sampled_from(crops.WIDTHS.tolist()),
)
def test_any_quad_however_wild_gives_a_strip(corners: list[tuple[float, float]], width: int) -> None:
    strip = crops.cut(PAGE, np.array(corners, np.float32), width)
    assert strip.shape == (crops.HEIGHT, width, 3)
    assert strip.dtype == np.uint8
