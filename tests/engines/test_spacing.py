"""Where words begin and end, on strips drawn letter by letter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from quire.engines.ppocr.ctc import Characters
from quire.engines.ppocr.spacing import Gaps, ink_columns, spans

HEIGHT = 48
COLUMN_PX = 8


@dataclass
class Strip:
    pixels: NDArray[np.uint8]
    read: Characters

    def words(self) -> list[str]:
        return [span.text for span in spans(self.pixels, self.read, HEIGHT)]


def strip(texts: str, gaps_px: list[int], space_probability: float = 0.0, letter_px: int = 16) -> Strip:
    """Letters as black bars, so many pixels apart; a space in `texts` takes the middle of its gap."""
    letters = [text for text in texts if text != " "]
    x, bars = 16, []
    for gap in [*gaps_px, 16]:
        bars.append((x, x + letter_px))
        x += letter_px + gap
    width = -(-x // COLUMN_PX) * COLUMN_PX
    pixels = np.full((HEIGHT, width, 3), 255, np.uint8)
    for start, end in bars:
        pixels[12:36, start:end] = 0
    columns, place = [], 0
    for text in texts:
        if text == " ":
            column = (bars[place - 1][1] + bars[place][0]) // 2 // COLUMN_PX
            columns.append((column, column + 1))
        else:
            start, end = bars[place]
            columns.append((start // COLUMN_PX, end // COLUMN_PX))
            place += 1
    assert place == len(letters) == len(bars)
    spaces = np.full(width // COLUMN_PX, space_probability, np.float32)
    confidences = np.full(len(texts), 0.9, np.float32)
    return Strip(pixels, Characters(tuple(texts), confidences, np.array(columns, np.int64), spaces))


@pytest.mark.parametrize(
    ("gap_px", "probability", "words"),
    [
        pytest.param(24, 0.1, ["ab", "cd"], id="a wide gap where a space is possible"),
        pytest.param(24, 0.0, ["abcd"], id="a wide gap where the network saw no space"),
        pytest.param(8, 0.8, ["ab", "cd"], id="a narrow gap where a space is certain"),
        pytest.param(8, 0.1, ["abcd"], id="a narrow gap where a space is only possible"),
        pytest.param(2, 0.9, ["abcd"], id="no gap, whatever the network thinks"),
    ],
)
def test_a_space_that_was_not_read_needs_a_gap_and_the_networks_word(
    gap_px: int, probability: float, words: list[str]
) -> None:
    assert strip("abcd", [2, gap_px, 2], probability).words() == words


def test_spaces_that_were_read_part_words_however_narrow() -> None:
    assert strip("ab cd", [2, 8, 2]).words() == ["ab", "cd"]


def test_a_letter_spaced_heading_stays_one_word() -> None:
    assert strip("SUMMARY", [18] * 6, 0.1).words() == ["SUMMARY"]


@pytest.mark.parametrize(
    "text", [pytest.param("北京大学", id="ideographs"), pytest.param("1.-5", id="figures and signs")]
)
def test_scripts_and_signs_without_spaces_are_never_parted_by_a_gap(text: str) -> None:
    assert strip(text, [2, 24, 2], 0.9).words() == [text]


def test_words_end_where_their_ink_ends() -> None:
    drawn = strip("ab cd", [2, 30, 2])
    width = drawn.pixels.shape[1]
    first, second = spans(drawn.pixels, drawn.read, HEIGHT)
    assert (first.start * width, first.end * width) == (16, 50)
    assert (second.start * width, second.end * width) == (80, 114)
    assert first.confidence == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Name____", ["Name"], id="a rule after a label"),
        pytest.param("____Name", ["Name"], id="a rule before a word"),
        pytest.param("Total-----", ["Total"], id="dashes to an entry"),
        pytest.param("**********", [], id="a row of one sign"),
        pytest.param("e-mail", ["e-mail"], id="a hyphen is kept"),
        pytest.param("snake_case", ["snake_case"], id="an underscore inside is kept"),
    ],
)
def test_leaders_are_no_words(text: str, words: list[str]) -> None:
    assert strip(text, [2] * (len(text) - 1)).words() == words


def test_a_word_without_its_leader_keeps_its_own_place() -> None:
    drawn = strip("ab____", [2] * 5)
    (word,) = spans(drawn.pixels, drawn.read, HEIGHT)
    assert (word.start, word.end) == pytest.approx((16 / 152, (16 + 106 / 3) / 152), abs=0.02)


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(Characters((), np.empty(0), np.empty((0, 2), np.int64), np.zeros(8)), id="no letters"),
        pytest.param(Characters((" ",), np.ones(1), np.array([[2, 3]]), np.zeros(8)), id="only a space"),
    ],
)
def test_nothing_read_gives_no_words(read: Characters) -> None:
    assert spans(np.full((HEIGHT, 64, 3), 255, np.uint8), read, HEIGHT) == []


class TestInk:
    def test_a_rule_below_the_letters_does_not_bridge_their_gaps(self) -> None:
        drawn = strip("ab", [24])
        drawn.pixels[38:41] = 0
        assert not ink_columns(drawn.pixels)[34:54].any()

    def test_light_letters_on_dark_ground_count_as_dark_on_light(self) -> None:
        pixels = strip("ab", [24]).pixels
        assert np.array_equal(ink_columns(255 - pixels), ink_columns(pixels))

    def test_gaps_are_the_widest_white_runs_between_letters(self) -> None:
        ink = np.zeros(60, bool)
        ink[[*range(4, 10), *range(14, 20), *range(22, 30), *range(45, 55)]] = True
        gaps = Gaps.measure(ink, np.array([7.0, 26.0, 50.0]))
        assert list(zip(gaps.starts, gaps.ends, strict=True)) == [(10, 14), (30, 45)]
        assert (gaps.first, gaps.last) == (4, 55)


LETTERS = st.text(st.sampled_from("abcXYZ019é北"), min_size=1, max_size=12)


@given(LETTERS, st.data())
def test_words_hold_all_letters_in_order_and_never_overlap(text: str, data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.integers(0, 40), min_size=len(text) - 1, max_size=len(text) - 1))
    drawn = strip(text, gaps, data.draw(st.floats(0, 1)), data.draw(st.sampled_from([8, 16, 24])))
    found = spans(drawn.pixels, drawn.read, HEIGHT)
    assert "".join(span.text for span in found) == text
    edges = [edge for span in found for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= 1 for edge in edges)
