"""Pictures on drawn pages: found where there are any, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from quire.bench.drawing.canvas import Canvas
from quire.bench.drawing.fonts import FACES, font
from quire.document import Line
from quire.geometry import Box
from quire.imaging.pictures import find_pictures

Pixels = NDArray[np.uint8]

WIDTH_PX, HEIGHT_PX = 900, 1200


def text_page(rows: Sequence[int] = range(60, 1150, 36)) -> tuple[Pixels, list[Line]]:
    """A page of prose with baselines at these heights."""
    canvas = Canvas(WIDTH_PX, HEIGHT_PX)
    for y in rows:
        canvas.write("The harbour was quiet before dawn and seven boats had left.", 60, y, font(FACES[0], 22))
    page = canvas.page("en")
    return page.pixels, [Line(line.text, line.box.quad, 1.0) for line in page.lines]


def photo(width: int, height: int) -> Pixels:
    """Smooth patches of every shade."""
    rough = np.random.default_rng(3).integers(0, 220, (6, 8, 3), np.uint8)
    return np.asarray(cv2.resize(rough, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def halftone(width: int, height: int) -> Pixels:
    """The photograph in black dots, as a fax has it."""
    shades = photo(width, height).mean(axis=2)
    pattern = np.random.default_rng(4).integers(0, 255, shades.shape)
    return np.repeat(np.where(shades < pattern, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def chart(width: int, height: int) -> Pixels:
    """Bars on axes."""
    pixels = np.full((height, width, 3), 255, np.uint8)
    cv2.rectangle(pixels, (2, 2), (width - 3, height - 3), (60, 60, 60), 2)
    for place in range(5):
        left, top = 30 + place * width // 6, height - (place + 2) * height // 8
        cv2.rectangle(pixels, (left, top), (left + width // 10, height - 3), (200, 90, 30 + 40 * place), -1)
    return pixels


def overlaps(found: Box, drawn: Box) -> float:
    shared = found.intersection(drawn)
    return shared / (found.area + drawn.area - shared)


@pytest.mark.parametrize("draw", [photo, halftone, chart], ids=["a photograph", "a halftone", "a bar chart"])
def test_a_picture_between_text_is_found(draw: object) -> None:
    pixels, lines = text_page([*range(60, 300, 36), *range(800, 1150, 36)])
    pixels[380:720, 200:700] = draw(500, 340)  # type: ignore[operator]

    (found,) = find_pictures(pixels, lines)

    assert overlaps(found, Box(200, 380, 700, 720)) > 0.9


def test_two_pictures_come_from_top_to_bottom() -> None:
    pixels, lines = text_page([*range(480, 600, 36)])
    pixels[700:1000, 100:400], pixels[100:400, 500:800] = photo(300, 300), photo(300, 300)

    assert [round(box.y0, -2) for box in find_pictures(pixels, lines)] == [100, 700]


def test_plain_text_holds_none() -> None:
    assert find_pictures(*text_page()) == ()


def test_a_line_that_was_not_read_is_none() -> None:
    pixels, lines = text_page()
    assert find_pictures(pixels, lines[::2]) == ()


def test_a_ruled_table_holds_none() -> None:
    pixels, lines = text_page()
    for y in range(30, 1150, 36):
        cv2.line(pixels, (40, y), (860, y), (0, 0, 0), 2)
    for x in (40, 300, 600, 860):
        cv2.line(pixels, (x, 30), (x, 1146), (0, 0, 0), 2)
    assert find_pictures(pixels, lines) == ()


def test_a_shaded_box_around_text_is_none() -> None:
    pixels, lines = text_page()
    pixels[200:600] = np.minimum(pixels[200:600], 180)
    assert find_pictures(pixels, lines) == ()


def test_dark_edges_of_a_scan_are_none() -> None:
    pixels, lines = text_page()
    pixels[:, :30], pixels[1170:] = 10, 10
    assert find_pictures(pixels, lines) == ()


@pytest.mark.parametrize("size", [(1, 1), (2, 3000), (40, 40), (3000, 9)], ids=str)
def test_an_image_of_any_size_can_be_searched(size: tuple[int, int]) -> None:
    for value in (0, 255):
        find_pictures(np.full((*size, 3), value, np.uint8), [Line("x", Box(-5, -5, 9000, 3).quad, 1.0)])
