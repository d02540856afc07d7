"""Where text is too small for the detector, beside larger text."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from quire.bench.drawing.canvas import Canvas
from quire.bench.drawing.fonts import FACES, font
from quire.engines.base import PageReading
from quire.engines.ppocr.crowding import Band, crowded_bands, inside

Read = Callable[..., PageReading]

_PAGE_PX = 1000
_LETTERS = 20


def area(top: float, height: float, width: float = 300.0) -> list[tuple[float, float]]:
    return [(50, top), (50 + width, top), (50 + width, top + height), (50, top + height)]


def bands(areas: list[list[tuple[float, float]]], confidences: list[float]) -> list[Band]:
    quads = np.array(areas, np.float32).reshape(-1, 4, 2)
    letters = np.full(len(areas), _LETTERS, np.int64)
    return crowded_bands(quads, np.array(confidences, np.float32), letters, _PAGE_PX, legible_px=10.0)


LINES = [area(top, 20) for top in range(0, 400, 40)]


class TestBands:
    def test_a_page_that_reads_well_has_none(self) -> None:
        assert bands(LINES, [0.99] * len(LINES)) == []

    def test_two_tall_areas_that_read_badly_make_one(self) -> None:
        found = bands([*LINES, area(600, 45), area(610, 60)], [0.99] * len(LINES) + [0.5, 0.6])
        assert len(found) == 1
        assert found[0].top < 600
        assert found[0].bottom > 670

    def test_one_doubtful_area_may_be_a_signature(self) -> None:
        assert bands([*LINES, area(600, 60)], [0.99] * len(LINES) + [0.5]) == []

    def test_lines_with_narrow_letters_make_one_though_they_read_well(self) -> None:
        notes = [area(900, 12, width=150), area(915, 12, width=150)]
        assert len(bands([*LINES, *notes], [0.99] * (len(LINES) + 2))) == 1

    def test_none_reaches_beyond_the_page(self) -> None:
        found = bands([*LINES, area(960, 45), area(965, 45)], [0.99] * len(LINES) + [0.5, 0.5])
        assert found[0].bottom <= _PAGE_PX

    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_a_page_with_hardly_any_lines_has_none(self, count: int) -> None:
        assert bands(LINES[:count], [0.99] * count) == []

    def test_an_area_is_inside_by_its_middle(self) -> None:
        quads = np.array([area(100, 20), area(195, 20)], np.float32)
        assert inside(quads, Band(90, 200)).tolist() == [True, False]


def page_with_small_table() -> tuple[NDArray[np.uint8], list[str]]:
    """Large prose above a table in small print, and the table's figures."""
    canvas, face, small = Canvas(1700, 1500), font(FACES[3], 34), font(FACES[3], 16)
    for row in range(16):
        canvas.write("The ferry reached the island when nobody was waiting on its quay.", 80, 100 + row * 52, face)
    chance = random.Random(4)
    figures = [f"{chance.randint(100, 99999) / 10:,.1f}" for _ in range(84)]
    for place, figure in enumerate(figures):
        canvas.write(figure, 520 + place % 6 * 190, 1020 + place // 6 * 17, small, anchor="rs")
    return canvas.page("en").pixels, figures


def test_a_small_table_below_large_print_is_read(read: Read) -> None:
    pixels, figures = page_with_small_table()
    words = " ".join(line.text for line in read(pixels).lines).split()
    assert sum(figure in words for figure in figures) >= 82
