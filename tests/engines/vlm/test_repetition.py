"""Loops are told from what pages repeat themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.engines.vlm.repetition import LoopWatch, without_loop

PROSE = "The harbour was quiet at dawn, and nobody had yet come down to the boats that lay along the old wall. "


@pytest.mark.parametrize(
    "period",
    [
        "word ",
        "ab1",
        "the same row again\n",
        "<td>12</td><td>x</td>\n",
        "同じ行がまた来る。",
        PROSE,
        PROSE + PROSE[::-1],
    ],
)
def test_a_loop_is_seen_and_what_came_before_is_kept(period: str) -> None:
    kept, looped = without_loop(PROSE[:50] + "\n" + period * 60)
    assert looped
    assert kept.startswith(PROSE[:50])
    assert len(kept) <= 51 + 2 * len(period) + 12


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Chapter " + "." * 200 + " 7\n", id="dotted leaders"),
        pytest.param("Name: " + "_" * 300 + "\n", id="a line to write on"),
        pytest.param("<tr>" + "<td></td>" * 60 + "</tr>", id="empty cells"),
        pytest.param("| a | b |\n|---|---|\n" + "|  |  |\n" * 40, id="an empty form"),
        pytest.param("yes\n" * 12, id="a short column"),
        pytest.param("".join(f"| {n} | {n * 7 % 13} |\n" for n in range(300)), id="numbers"),
        pytest.param(PROSE * 3, id="a sentence said three times"),
    ],
)
def test_what_pages_repeat_is_no_loop(text: str) -> None:
    assert without_loop(text) == (text, False)


def test_marks_without_end_are_a_loop() -> None:
    assert without_loop("a" + "." * 5000)[1]


def test_tokens_without_letters_are_a_loop() -> None:
    watch = LoopWatch()
    assert not watch.add("text")
    assert [watch.add("") for _ in range(64)] == [False] * 63 + [True]


def test_a_loop_is_seen_within_two_hundred_tokens() -> None:
    watch = LoopWatch()
    pieces = ["A heading.\n", *(["row ", "of ", "words\n"] * 100)]
    assert next(place for place, piece in enumerate(pieces) if watch.add(piece)) < 200


@given(st.text(max_size=400), st.text("abc \n", min_size=1, max_size=40))
def test_what_is_kept_begins_the_text(text: str, period: str) -> None:
    kept, looped = without_loop(text + period * 30)
    assert (text + period * 30).startswith(kept)
    assert looped or kept == text + period * 30


@given(st.lists(st.text("ab ", max_size=5), max_size=200))
def test_how_the_text_is_parted_does_not_matter(pieces: list[str]) -> None:
    at_once, parted = LoopWatch(), LoopWatch()
    at_once.add("".join(pieces) or "x")
    for piece in pieces:
        parted.add(piece)
    if any(pieces):
        assert at_once.start == parted.start
