"""Loops are told from what pages repeat themselves."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.engines.vlm.repetition import LoopWatch, without_loop

_STEP = 24
"""Letters between two looks."""

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
    kept, looped = without_loop(PROSE[:50] + "\n" + period * 120)
    assert looped
    assert kept.startswith(PROSE[:50])
    assert len(kept) <= 51 + 2 * len(period) + _STEP


@pytest.mark.parametrize(
    "said",
    [
        pytest.param('"}]' * 60, id="broken JSON"),
        pytest.param(" 318" * 60, id="numbers in one line"),
        pytest.param(
            "# Menu# Menu# Menu50 EUR# Menu# Menu EUR EUR EUR EUR EUR# Menu# Menu# Menu50 EUR" * 3, id="a mumble"
        ),
    ],
)
def test_a_loop_without_a_break_is_seen_soon(said: str) -> None:
    kept, looped = without_loop(PROSE + said)
    assert looped
    assert len(PROSE) - _STEP <= len(kept) <= len(PROSE) + 50


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Chapter " + "." * 200 + " 7\n", id="dotted leaders"),
        pytest.param("Name: " + "_" * 300 + "\n", id="a line to write on"),
        pytest.param(("<tr>" + "<td></td>" * 10 + "</tr>") * 20, id="empty cells"),
        pytest.param("| a | b |\n|---|---|\n" + "|  |  |\n" * 40, id="an empty form"),
        pytest.param("yes\n" * 40, id="a column of answers"),
        pytest.param("<td>n/a</td>" * 30, id="cells of answers"),
        pytest.param(("<tr>" + "<td>0</td>" * 6 + "</tr>") * 12, id="cells of zeros"),
        pytest.param("0.00\n" * 80, id="a column of zeros"),
        pytest.param(json.dumps({"text": "0.00\n" * 80}), id="a column of zeros in JSON"),
        pytest.param("<fcel>0<fcel>0<ecel><nl>" * 12, id="a table in OTSL"),
        pytest.param("".join(f"{word} " + "0.00 " * 12 + "\n" for word in PROSE.split()), id="rows of zeros"),
        pytest.param(r"\begin{matrix}" + r"0 & 0 & 0 \\ " * 12, id="a matrix of zeros"),
        pytest.param("Name " + "&nbsp;" * 80, id="a gap"),
        pytest.param("$a " + r"\quad " * 40 + "b$", id="a gap in a formula"),
        pytest.param(r"Name: " + r"\_" * 200, id="a line to write on in Markdown"),
        pytest.param("☐ " * 90, id="boxes to tick"),
        pytest.param("- [ ] \n" * 30, id="a list to tick"),
        pytest.param('"\n' * 40, id="ditto marks"),
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
    assert watch.add("text") is None
    assert [watch.add("", 8) for _ in range(8)] == [None] * 7 + [4]


def test_a_loop_is_seen_within_two_hundred_tokens() -> None:
    watch = LoopWatch()
    pieces = ["A heading.\n", *(["row ", "of ", "words\n"] * 100)]
    assert next(place for place, piece in enumerate(pieces) if watch.add(piece) is not None) < 200


@given(st.text(max_size=400), st.text("abc \n", min_size=1, max_size=40))
def test_what_is_kept_begins_the_text(text: str, period: str) -> None:
    kept, looped = without_loop(text + period * 30)
    assert (text + period * 30).startswith(kept)
    assert looped or kept == text + period * 30


@given(st.text(max_size=300), st.text("abc \n", min_size=1, max_size=200), st.lists(st.integers(1, 60), max_size=60))
def test_a_loop_is_seen_in_pieces_of_any_size(text: str, period: str, sizes: list[int]) -> None:
    said = text + (period + "word") * 80
    watch, place = LoopWatch(), 0
    for size in [*sizes, *[8] * len(said)]:
        if (kept := watch.add(said[place : place + size])) is not None:
            assert 0 <= kept <= place + size
            return
        place += size
    raise AssertionError("it was not seen")


@given(st.text("0123456789.,-–—+% ", max_size=8), st.integers(1, 12), st.integers(1, 60))
def test_a_table_of_equal_numbers_is_no_loop(number: str, columns: int, cells: int) -> None:
    row = "<tr>" + f"<td>{number}</td>" * columns + "</tr>\n"
    text = row * max(1, cells // columns)
    assert without_loop(text) == (text, False)
