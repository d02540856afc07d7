"""Repairs of page images, and the way back to the page's own pixels."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.document import Quality
from quire.imaging import repairs
from quire.imaging.enhance import Enhanced, deskewed, scaled, steps, upscaled, worked_on
from sheets import HEIGHT_PX, WIDTH_PX, sheet, tilted

SHEET = sheet()
GOOD = Quality(20_000.0, 0.0, 0.8, 1.0, 30.0)
IDENTITY = np.eye(2, 3)


def names(quality: Quality, skew_degrees: float = 0.0) -> list[str]:
    return [step.name for step in steps(quality, skew_degrees) if step.name != "borders"]


@pytest.mark.parametrize(
    ("change", "skew_degrees", "called"),
    [
        pytest.param({}, 0.0, [], id="a good page: nothing"),
        pytest.param({"illumination": 0.6}, 0.0, ["shadows"], id="uneven light"),
        pytest.param({"contrast": 0.3}, 0.0, ["contrast"], id="pale ink"),
        pytest.param({"noise": 9.0}, 0.0, ["noise"], id="grain"),
        pytest.param({"sharpness": 600.0}, 0.0, ["sharpen"], id="blur"),
        pytest.param({"text_height_px": 10.0}, 0.0, ["upscale"], id="small letters"),
        pytest.param({}, -6.0, ["deskew"], id="tilt"),
        pytest.param({"contrast": 0.05, "text_height_px": None}, 0.0, ["contrast"], id="nothing read on pale paper"),
    ],
)
def test_the_measures_call_for(change: dict[str, float], skew_degrees: float, called: list[str]) -> None:
    assert names(replace(GOOD, **change), skew_degrees) == called


@pytest.mark.parametrize(
    ("change", "severe"),
    [
        pytest.param({"contrast": 0.05}, True, id="very pale"),
        pytest.param({"contrast": 0.4}, False, id="somewhat pale"),
        pytest.param({"contrast": 0.0}, False, id="nothing on it"),
        pytest.param({"illumination": 0.3}, True, id="deep shadow"),
        pytest.param({"illumination": 0.7}, False, id="light shadow"),
        pytest.param({"sharpness": 200.0}, True, id="very blurred"),
    ],
)
def test_lines_may_be_missing_where_it_is(change: dict[str, float], severe: bool) -> None:
    assert any(step.severe for step in steps(replace(GOOD, **change), 0.0)) is severe


def test_a_shadow_is_taken_off_the_paper() -> None:
    light = np.linspace(0.2, 1, WIDTH_PX)[None, :, None]
    repaired = repairs.without_shadows((SHEET * light).astype(np.uint8))
    assert np.abs(repaired.astype(int) - SHEET).mean() < 6


def test_dark_edges_become_paper_and_the_page_stays() -> None:
    page = cv2.copyMakeBorder(SHEET, 40, 60, 50, 30, cv2.BORDER_CONSTANT, value=(8, 8, 8))
    repaired = repairs.without_borders(page)
    assert repaired[:38].min() > 200
    assert np.array_equal(repaired[50 : 30 + HEIGHT_PX, 60 : 40 + WIDTH_PX], SHEET[10:-10, 10:-10])


@pytest.mark.parametrize("pixels", [SHEET, np.zeros_like(SHEET)], ids=["a clean sheet", "a black one"])
def test_a_page_without_dark_edges_is_left_alone(pixels: np.ndarray) -> None:
    assert repairs.without_borders(pixels) is pixels


def test_pale_ink_becomes_dark() -> None:
    pale = (240 - (255 - SHEET.astype(np.float32)) * 0.06).astype(np.uint8)
    repaired = repairs.with_contrast(pale)
    assert int(repaired.max()) - int(repaired.min()) > 200


def test_noise_gets_less_and_letters_stay() -> None:
    grain = np.random.default_rng(1).normal(0, 40, SHEET.shape)
    noisy = np.clip(SHEET + grain, 0, 255).astype(np.uint8)
    before, after = (np.abs(image.astype(int) - SHEET).mean() for image in (noisy, repairs.without_noise(noisy)))
    assert after < 0.6 * before


def test_sharpening_brings_edges_back() -> None:
    blurred = cv2.GaussianBlur(SHEET, (0, 0), 2)
    gradients = [
        float(np.abs(np.diff(image.astype(int), axis=1)).max()) for image in (blurred, repairs.sharpened(blurred, 2))
    ]
    assert gradients[1] > 1.5 * gradients[0]


@pytest.mark.parametrize("degrees", [-7.0, 4.0, 30.0])
def test_a_tilted_page_stands_straight_and_whole(degrees: float) -> None:
    straight = deskewed(Enhanced(tilted(SHEET, degrees), IDENTITY), degrees)
    # Rows between lines of straight text are empty.
    rows = (straight.pixels.min(axis=(1, 2)) < 120).astype(int)
    assert np.abs(np.diff(rows)).sum() >= 12
    corners = np.array([[0, 0], [WIDTH_PX, 0], [WIDTH_PX, HEIGHT_PX], [0, HEIGHT_PX]], float)
    moved = straight.of(corners)
    assert moved.min() >= -1
    assert (moved.max(axis=0) <= np.array(straight.pixels.shape[1::-1]) + 1).all()


@given(st.floats(-45, 45), st.floats(1.0, 3.0), st.floats(0, WIDTH_PX), st.floats(0, HEIGHT_PX), st.booleans())
def test_points_come_back_to_where_they_were(degrees: float, scale: float, x: float, y: float, first: bool) -> None:
    image = Enhanced(np.full((40, 64, 3), 255, np.uint8), IDENTITY)
    image = deskewed(upscaled(image, scale), degrees) if first else upscaled(deskewed(image, degrees), scale)
    point = np.array([[x, y]])
    assert image.back(image.of(point)) == pytest.approx(point, abs=1e-6)


def test_enlarging_ends_at_16_megapixels() -> None:
    image = Enhanced(np.zeros((2000, 3000, 3), np.uint8), IDENTITY)
    assert upscaled(image, 9.0).pixels.size / 3 == pytest.approx(16e6, rel=0.01)
    assert upscaled(Enhanced(np.zeros((4000, 5000, 3), np.uint8), IDENTITY), 9.0).pixels.shape == (4000, 5000, 3)


def test_a_page_of_large_letters_is_worked_on_in_small() -> None:
    assert worked_on(SHEET, GOOD).pixels is SHEET
    assert worked_on(SHEET, replace(GOOD, text_height_px=112.0)).pixels.shape[:2] == (HEIGHT_PX // 2, WIDTH_PX // 2)
    assert scaled(Enhanced(SHEET, IDENTITY), 0.5).of(np.array([[10.0, 20.0]])).tolist() == [[5.0, 10.0]]
