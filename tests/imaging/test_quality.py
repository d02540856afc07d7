"""Measures of page images: each says what was done to a drawn sheet."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from quire.bench.drawing.fonts import FACES, font
from quire.document import Line
from quire.geometry import Box
from quire.imaging.quality import measure
from sheets import LETTER, sheet, words_of

Pixels = NDArray[np.uint8]

FACE = font(FACES[0], 28)
SHEET = sheet(typeface=FACE)
LINES = [Line(text, box.quad, 1.0) for text, box in words_of(LETTER, FACE, 48)]


def noisy(pixels: Pixels, deviation: float) -> Pixels:
    grain = np.random.default_rng(1).normal(0, deviation, pixels.shape[:2])[:, :, None]
    return np.clip(pixels + grain, 0, 255).astype(np.uint8)


def faded(pixels: Pixels, share: float) -> Pixels:
    return (255 - (255 - pixels.astype(np.float32)) * share).astype(np.uint8)


def shaded(pixels: Pixels, darkest: float) -> Pixels:
    light = np.linspace(darkest, 1, pixels.shape[1])[None, :, None]
    return (pixels * light).astype(np.uint8)


def test_a_clean_sheet_is_sharp_even_and_full_of_contrast() -> None:
    quality = measure(SHEET, LINES)
    assert quality.noise == 0
    assert quality.contrast > 0.7
    assert quality.illumination > 0.98
    assert quality.enhancements == ()


def test_sharpness_falls_with_blur() -> None:
    blurred = [measure(cv2.GaussianBlur(SHEET, (0, 0), sigma), LINES).sharpness for sigma in (0.8, 1.6, 3.2)]
    assert measure(SHEET, LINES).sharpness > 2 * blurred[0] > 4 * blurred[1] > 8 * blurred[2]


@pytest.mark.parametrize("deviation", [4, 8, 16])
def test_noise_is_its_deviation(deviation: float) -> None:
    grey = np.full((400, 600, 3), 128, np.uint8)
    assert measure(noisy(grey, deviation)).noise == pytest.approx(deviation, rel=0.1)


@pytest.mark.parametrize("share", [0.5, 0.2, 0.05])
def test_contrast_is_that_of_ink_on_paper(share: float) -> None:
    assert measure(faded(SHEET, share), LINES).contrast == pytest.approx(
        share * measure(SHEET, LINES).contrast, abs=0.02
    )


@pytest.mark.parametrize("darkest", [0.8, 0.5, 0.2])
def test_illumination_is_the_dimmest_paper_beside_the_brightest(darkest: float) -> None:
    lines = [Line("x", Box(0, y, 640, y + 30).quad, 1.0) for y in range(10, 350, 48)]
    assert measure(shaded(SHEET, darkest), lines).illumination == pytest.approx(darkest, abs=0.1)


def test_text_height_is_the_median_line_s_whatever_its_tilt() -> None:
    tilted = ((0.0, 0.0), (80.0, 60.0), (62.0, 84.0), (-18.0, 24.0))
    lines = [Line("a", Box(0, 0, 90, 12).quad, 1.0), Line("b", tilted, 1.0), Line("c", Box(0, 0, 90, 99).quad, 1.0)]
    assert measure(SHEET, lines).text_height_px == pytest.approx(30.0)
    assert measure(SHEET).text_height_px is None


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (3000, 2), (9, 9)], ids=str)
def test_an_image_of_any_size_can_be_measured(size: tuple[int, int]) -> None:
    for value in (0, 255):
        quality = measure(np.full((*size, 3), value, np.uint8), LINES[:1])
        assert (quality.contrast, quality.illumination) == (0.0, 1.0)
