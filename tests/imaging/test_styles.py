"""Size and weight of lines, measured on drawn pages."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from quire.bench.drawing.fonts import FACES, Typeface, font
from quire.document import Line
from quire.geometry import Box
from quire.imaging.styles import measure_styles
from quire.view import LineStyle

TEXTS = (
    "The harbour was quiet in the morning",
    "and nobody had come down to the boats",
    "who might have cared about the price",
    "of coal, or about the new railway line",
)


class Set(NamedTuple):
    """A line of a drawn page."""

    text: str
    size: int = 24
    bold: bool = False


def drawn(face: Typeface, *rows: Set, paper: int = 255, ink: int = 0) -> tuple[NDArray[np.uint8], list[Line]]:
    image = Image.new("L", (900, 80 * len(rows) + 40), paper)
    pen, lines = ImageDraw.Draw(image), []
    for place, row in enumerate(rows):
        letters = font(face, row.size, bold=row.bold)
        start = (40, 30 + 80 * place)
        pen.text(start, row.text, fill=ink, font=letters)
        x0, y0, x1, y1 = pen.textbbox(start, row.text, font=letters)
        lines.append(Line(row.text, Box(x0 - 4, y0 - 4, x1 + 4, y1 + 4).quad, 0.99))
    return np.asarray(image, np.uint8), lines


def page(face: Typeface, *extra: Set, paper: int = 255, ink: int = 0) -> tuple[LineStyle, ...]:
    return measure_styles(*drawn(face, *map(Set, TEXTS), *extra, paper=paper, ink=ink))


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.name)
def test_bold_lines_stand_out_whatever_their_size(face: Typeface) -> None:
    styles = page(face, Set("Of boats and men", bold=True), Set("Their boats", 36, bold=True), Set("A history", 40))
    assert [style.bold for style in styles] == [False] * 4 + [True, True, False]


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.name)
def test_sizes_do_not_depend_on_the_letters(face: Typeface) -> None:
    plain, tall, low, large = (
        style.size_px for style in page(face, Set("nonsense in various sums"), Set("all of the tall letters", 24))[-4:]
    )
    assert max(plain, tall, low, large) < 1.12 * min(plain, tall, low, large)


def test_sizes_are_in_proportion() -> None:
    small, large = (style.size_px for style in page(FACES[3], Set("Their boats", 24), Set("Their boats", 36))[-2:])
    assert large / small == pytest.approx(1.5, rel=0.08)


def test_blur_noise_and_grey_paper_change_nothing() -> None:
    image, lines = drawn(FACES[3], *map(Set, TEXTS), Set("Of boats and men", bold=True), paper=225, ink=40)
    noise = np.random.default_rng(7).normal(0, 6, image.shape)
    worn = np.clip(cv2.GaussianBlur(image, (0, 0), 1.0) + noise, 0, 255).astype(np.uint8)
    assert [style.bold for style in measure_styles(worn, lines)] == [False] * 4 + [True]


def test_white_on_black_is_measured_too() -> None:
    styles = page(FACES[0], Set("Of boats and men", bold=True), paper=0, ink=255)
    assert [style.bold for style in styles] == [False] * 4 + [True]


def test_a_ruling_line_beside_the_text_is_no_text() -> None:
    image, lines = drawn(FACES[3], *map(Set, TEXTS))
    (x0, _y0), (x1, _), (_, y1), _ = lines[1].box
    ruled = image.copy()
    ruled[int(y1) - 1 : int(y1) + 1, int(x0) : int(x1)] = 0
    plain, beside = measure_styles(image, lines), measure_styles(ruled, lines)
    assert beside[1].size_px == pytest.approx(plain[1].size_px, rel=0.05)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(Line("", Box(10, 10, 12, 12).quad, 0.5), id="a speck"),
        pytest.param(Line("far", Box(-500, -500, -400, -470).quad, 0.5), id="outside the page"),
        pytest.param(Line("white", Box(20, 20, 90, 60).quad, 0.5), id="where nothing is"),
    ],
)
def test_lines_without_ink_have_a_size_all_the_same(line: Line) -> None:
    (style,) = measure_styles(np.full((100, 100, 3), 255, np.uint8), [line])
    assert style.size_px > 0
    assert not style.bold
