"""The picture of a page with its lines."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from small_documents import block, page

from quire.exports.overlay import overlay


def _drawn(confidence: float = 0.95, *, words: bool = False, shape: tuple[int, int] = (100, 200)):
    blank = np.full((*shape, 3), 255, np.uint8)
    png = overlay(blank, page(block("paragraph", "x"), confidence=confidence), words=words)
    return cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)


def test_the_picture_has_the_size_of_the_page_whatever_the_image_has() -> None:
    assert _drawn(shape=(50, 100)).shape == (100, 200, 3)


@pytest.mark.parametrize(
    ("confidence", "strongest"),
    [
        pytest.param(0.95, 0, id="a sure line is blue"),
        pytest.param(0.8, 2, id="a doubtful line is orange"),
        pytest.param(0.2, 2, id="a poor line is red"),
    ],
)
def test_a_line_is_outlined_in_the_colour_of_its_confidence(confidence: float, strongest: int) -> None:
    outline = _drawn(confidence)[30, 60]

    assert int(outline.argmax()) == strongest


def test_the_page_shows_through_the_lines() -> None:
    inside, outside = _drawn()[20, 60], _drawn()[80, 180]

    assert inside.min() > 200
    assert outside.tolist() == [255, 255, 255]
