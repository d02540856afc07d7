"""Ink of lines among what else is drawn around them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw

from quire.bench.drawing.fonts import FACES, font
from quire.document import Line
from quire.geometry import Box
from quire.imaging.styles import measure_styles

PAPER, BLACK = 255, 0
Pen = ImageDraw.ImageDraw
LINE = Box(60, 40, 400, 84)
AIR = 8


def written(text: str, around: Callable[[Pen, Box], None]) -> tuple[Image.Image, Box, Box]:
    """A picture of the text, the box of its ink, and the box in which it was found."""
    image = Image.new("L", (460, 120), PAPER)
    letters = font(FACES[0], 28)
    pen = ImageDraw.Draw(image)
    pen.text((LINE.x0, LINE.y0), text, fill=BLACK, font=letters)
    rows, columns = (np.flatnonzero((np.asarray(image) < 128).any(axis=axis)) for axis in (1, 0))
    ink = Box(float(columns[0]), float(rows[0]), columns[-1] + 1.0, rows[-1] + 1.0)
    found = Box(ink.x0 - AIR, ink.y0 - AIR, ink.x1 + AIR, ink.y1 + AIR)
    around(pen, ink)
    return image, ink, found


def measured(image: Image.Image, text: str, found: Box) -> Box:
    [style] = measure_styles(np.asarray(image), [Line(text, found.quad, 0.9)])
    assert style.ink is not None
    top, bottom, start, end = style.ink
    return Box(
        found.x0 + start * found.width,
        found.y0 + top * found.height,
        found.x0 + end * found.width,
        found.y0 + bottom * found.height,
    )


def nothing(pen: Pen, ink: Box) -> None:
    pass


def underline(pen: Pen, ink: Box) -> None:
    pen.line((ink.x0, ink.y1 + 3, ink.x1, ink.y1 + 3), fill=BLACK, width=2)


def frame(pen: Pen, ink: Box) -> None:
    pen.rectangle((ink.x0 - 6, ink.y0 - 6, ink.x1 + 100, ink.y1 + 6), outline=BLACK, width=2)


def neighbours(pen: Pen, ink: Box) -> None:
    """Feet of the line above and heads of the line below."""
    for x in range(int(ink.x0) + 20, int(ink.x1), 60):
        pen.rectangle((x, 0, x + 3, ink.y0 - 5), fill=BLACK)
        pen.rectangle((x, ink.y1 + 5, x + 3, 120), fill=BLACK)


def specks(pen: Pen, ink: Box) -> None:
    for x in range(int(ink.x0), int(ink.x1), 40):
        pen.point((x, ink.y0 - 5), fill=BLACK)
        pen.point((x, ink.y1 + 5), fill=BLACK)


@pytest.mark.parametrize("text", ["Quay and harbour", "no more can occur", "TOTAL 1,284.50", "Ärger über Öl"])
@pytest.mark.parametrize("around", [nothing, underline, frame, neighbours, specks])
def test_the_ink_is_that_of_the_letters(text: str, around: Callable[[Pen, Box], None]) -> None:
    image, ink, found = written(text, around)

    assert np.abs(np.subtract(measured(image, text, found), ink)).max() <= 2


def test_light_letters_on_a_dark_ground_have_ink_too() -> None:
    image, ink, found = written("White on black", nothing)

    assert (
        np.abs(np.subtract(measured(image.point(lambda level: 255 - level), "White on black", found), ink)).max() <= 2
    )


def test_letters_that_run_over_the_edge_of_the_box_reach_to_it() -> None:
    image, ink, _ = written("Quay", nothing)
    cut = Box(ink.x0, ink.y0 + 8, ink.x1, ink.y1 - 8)

    found = measured(image, "Quay", cut)

    assert (found.y0, found.y1) == (cut.y0, cut.y1)


def test_an_empty_box_has_no_ink() -> None:
    [style] = measure_styles(np.full((100, 400), PAPER, np.uint8), [Line("x", LINE.quad, 0.9)])

    assert style.ink is None
