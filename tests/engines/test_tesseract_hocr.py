"""Tesseract's reports → lines and words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.document import Line
from quire.engines.tesseract.hocr import lines_of, tilt_degrees, turns_of
from quire.errors import EngineFailed
from quire.geometry import bounds

PAGE = (
    "<?xml version='1.0' encoding='UTF-8'?>\n<html xmlns='http://www.w3.org/1999/xhtml'><body><div class='ocr_page'>"
    "{}</div></body></html>"
)
LINE = "<span class='ocr_line' title=\"bbox {} {} {} {}; baseline {} -9; x_size 40\">{}</span>"
WORD = "<span class='ocrx_word' title='bbox {} {} {} {}; x_wconf {}'>{}</span>"


def line(*words: str, box: tuple[int, int, int, int] = (10, 20, 210, 60), slope: float = 0) -> str:
    return LINE.format(*box, slope, " ".join(words))


def word(text: str, sureness: int = 90, box: tuple[int, int, int, int] = (10, 20, 60, 60)) -> str:
    return WORD.format(*box, sureness, text)


def read(*lines: str) -> list[Line]:
    return [found.line for found in lines_of(PAGE.format("".join(lines)))]


def test_a_line_has_its_words_and_their_sureness_by_letters() -> None:
    (found,) = read(line(word("Total", 90), word("due", 50, (70, 25, 100, 55))))
    assert found.text == "Total due"
    assert found.box == ((10, 20), (210, 20), (210, 60), (10, 60))
    assert found.words[1].box == ((70, 25), (100, 25), (100, 55), (70, 55))
    assert found.confidence == pytest.approx((5 * 0.9 + 3 * 0.5) / 8)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        pytest.param("a &amp; b", "a & b", id="what XML escapes"),
        pytest.param("<strong>Bold</strong> <em>type</em>", "Bold type", id="marks of bold and italic type"),
        pytest.param("a\x07b", "ab", id="characters that XML does not have"),
    ],
)
def test_words_are_plain_text(written: str, text: str) -> None:
    assert read(line(word(written)))[0].text == text


def test_pieces_of_han_and_kana_run_on_without_spaces() -> None:
    assert read(line(word("東京"), word("は"), word("CPU"), word("です")))[0].text == "東京は CPU です"


@pytest.mark.parametrize(
    "written", [line(), line(word(" ")), line("loose text")], ids=["empty", "a space", "text beside words"]
)
def test_lines_without_words_are_left_out(written: str) -> None:
    assert read(written) == []


@pytest.mark.parametrize("slope", [0.02, -0.02])
def test_a_tilted_line_has_a_tilted_box_within_its_bounds(slope: float) -> None:
    (found,) = lines_of(PAGE.format(line(word("Total"), box=(0, 0, 1000, 60), slope=slope)))
    (ax, ay), (bx, by), _, _ = found.line.box
    assert math.isclose((by - ay) / (bx - ax), slope)
    assert bounds([found.line.box]) == (0, 0, 1000, 60)
    assert found.slope == slope


def test_a_slope_too_steep_for_its_box_is_left_out() -> None:
    (found,) = read(line(word("Total"), box=(0, 0, 1000, 30), slope=0.5))
    assert found.box == ((0, 0), (1000, 0), (1000, 30), (0, 30))


def test_the_tilt_of_a_page_is_that_of_its_widest_lines() -> None:
    lines = lines_of(
        PAGE.format(
            line(word("a"), box=(0, 0, 30, 60), slope=0.3) + line(word("b"), box=(0, 90, 900, 150), slope=-0.01)
        )
    )
    assert tilt_degrees(lines) == pytest.approx(-0.573, abs=0.001)
    assert tilt_degrees([]) == 0


@pytest.mark.parametrize(
    ("said", "text", "turns", "first"),
    [
        pytest.param("textangle 90", "Total", 1, (10, 60), id="up"),
        pytest.param("textangle 180", "Total", 2, (210, 60), id="upside down"),
        pytest.param("textangle 270", "Total", 3, (210, 20), id="down"),
        pytest.param("x_size 20", "Total", 3, (210, 20), id="down, as neither angle nor baseline are said"),
        pytest.param("baseline -599 0", "Total", 3, (210, 20), id="down, as the baseline is absurd"),
        pytest.param("x_size 20", "東京", 0, (10, 20), id="down, in letters that stand upright"),
    ],
)
def test_lines_that_run_another_way_start_at_their_own_top_left(
    said: str, text: str, turns: int, first: tuple[int, int]
) -> None:
    (found,) = lines_of(PAGE.format(line(word(text)).replace("baseline 0 -9", said)))
    assert found.line.box[0] == first
    assert found.turns == turns_of([found]) == turns


@pytest.mark.parametrize("report", ["<html>", "no XML at all"], ids=["cut off", "plain text"])
def test_what_is_no_report_is_said_to_be_none(report: str) -> None:
    with pytest.raises(EngineFailed, match="reinstall"):
        lines_of(report)


def test_nothing_is_said_of_images_too_small_for_a_letter() -> None:
    assert lines_of("\n") == ()


@given(st.text(), st.text())
def test_no_report_is_too_odd(inside: str, title: str) -> None:
    for report in (inside, PAGE.format(inside), PAGE.format(f'<span title="{title}">{inside}</span>')):
        try:
            lines_of(report)
        except EngineFailed:
            continue
