"""Where a text layer says that pictures are: every image, and drawings made of paths."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from drawing import PAGE_PT, SENTENCE, all_of, paragraph, pdf_bytes, picture_at, text_at
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from quire.geometry import Box
from quire.sources import open_source

Draw = Callable[[Canvas], None]
PHOTO = Image.fromarray(np.random.default_rng(3).integers(0, 256, (150, 200), np.uint8))


def images_of(*draws: Draw) -> tuple[Box, ...]:
    with open_source(pdf_bytes(*[all_of(*draws, text_at(30, 280, SENTENCE[:40]))])) as source:
        layer = source.page(1).text_layer(72)
    assert layer is not None
    return layer.images


def chart(x: float, y: float) -> Draw:
    """Axes 120 × 80 points, a line that wanders, two bars."""

    def draw(canvas: Canvas) -> None:
        canvas.line(x, y, x + 120, y)
        canvas.line(x, y, x, y + 80)
        canvas.rect(x + 90, y, 10, 30, fill=1)
        canvas.rect(x + 105, y, 10, 40, fill=1)
        path = canvas.beginPath()
        path.moveTo(x, y + 10)
        for step in range(1, 9):
            path.lineTo(x + 10 * step, y + 10 + 50 * (step % 3) / 2)
        canvas.drawPath(path)

    return draw


def card(x: float, y: float, width: float, height: float, fill: int = 0) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFillColor("lightgrey")
        canvas.roundRect(x, y, width, height, 8, fill=fill)
        canvas.restoreState()

    return draw


def test_images_are_there_also_those_too_small_to_be_recognised() -> None:
    found = images_of(picture_at(PHOTO, 300, 20, 30, 22), picture_at(PHOTO, 50, 100, 200, 100))
    assert sorted(found) == [pytest.approx((50, 100, 250, 200), abs=1), pytest.approx((300, 258, 330, 280), abs=1)]


def test_a_background_image_is_no_picture() -> None:
    assert images_of(picture_at(PHOTO, 0, 0, *PAGE_PT)) == ()


def test_a_chart_reaches_as_far_as_its_axes() -> None:
    assert images_of(chart(100, 100)) == (pytest.approx((100, 120, 220, 200), abs=2),)


def test_charts_beside_each_other_are_two() -> None:
    assert len(images_of(chart(40, 100), chart(240, 100))) == 2


def test_a_curved_drawing_is_one_picture() -> None:
    def rings(canvas: Canvas) -> None:
        for radius in (10, 20, 30):
            canvas.circle(200, 150, radius)

    assert images_of(rings) == (pytest.approx((170, 120, 230, 180), abs=2),)


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(lambda canvas: canvas.grid([50, 150, 250], [60, 90, 120]), id="a table's rules"),
        pytest.param(card(40, 60, 250, 120), id="a frame with round corners"),
        pytest.param(card(40, 60, 250, 120, fill=1), id="a card with round corners"),
        pytest.param(lambda canvas: canvas.circle(30, 200, 3, fill=1), id="a bullet"),
        pytest.param(lambda canvas: canvas.line(0, 0, *PAGE_PT), id="a page crossed out"),
        pytest.param(
            all_of(lambda canvas: canvas.ellipse(20, 150, 380, 270), paragraph([SENTENCE[:50]] * 6, x=40)),
            id="a curve around a paragraph",
        ),
    ],
)
def test_what_goes_with_text_is_no_drawing(draw: Draw) -> None:
    assert images_of(draw) == ()


def test_white_shapes_are_not_seen() -> None:
    def white(canvas: Canvas) -> None:
        canvas.setFillColor("white")
        canvas.circle(200, 100, 60, stroke=0, fill=1)
        canvas.setFillColor("black")

    assert images_of(white) == ()
