"""Where on their boxes lines have their ink."""

from __future__ import annotations

import numpy as np
import pytest

from quire.document import Line, Word
from quire.geometry import Box, Quad
from quire.layout.at_ink import at_ink
from quire.view import Reach

UPRIGHT = Box(100, 50, 300, 90).quad
TILTED: Quad = ((10, 10), (110, 20), (109, 30), (9, 20))


def word(quad: Quad) -> Word:
    return Word("word", quad, 0.9)


def test_the_box_stays_and_the_ink_is_a_part_of_it() -> None:
    line = at_ink(Line("text", UPRIGHT, 0.9), Reach(0.25, 0.75, 0.1, 0.9))

    assert line.box == UPRIGHT
    assert line.ink == Box(120, 60, 280, 80).quad


def test_the_ink_of_a_tilted_line_begins_and_ends_with_its_words() -> None:
    words = (word(((20, 11), (60, 15), (59, 25), (19, 21))), word(((70, 16), (100, 19), (99, 29), (69, 26))))

    ink = at_ink(Line("two words", TILTED, 0.9, words), Reach(0.0, 1.0)).ink

    assert ink is not None
    assert np.abs(np.subtract(ink, ((19, 11), (100, 19), (99, 29), (18, 21)))).max() < 1.5


def test_ink_before_the_first_word_and_after_the_last_is_none_of_the_line() -> None:
    line = Line("Name", UPRIGHT, 0.9, (word(Box(110, 50, 180, 90).quad),))

    assert at_ink(line, Reach(0.25, 0.75)).ink == Box(110, 60, 180, 80).quad


@pytest.mark.parametrize(
    ("box", "reach"),
    [
        pytest.param(UPRIGHT, None, id="nothing was measured"),
        pytest.param(UPRIGHT, Reach(0.5, 0.6), id="a dash"),
        pytest.param(Box(100, 50, 100, 90).quad, Reach(0.2, 0.8), id="a box without an area"),
    ],
)
def test_nothing_is_said_of(box: Quad, reach: Reach | None) -> None:
    line = Line("-", box, 0.9)

    assert at_ink(line, reach) is line
