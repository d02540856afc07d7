"""Where a text stands: to the letter, nearly, over lines, as an expression."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from quire.document import Line, Match, Word
from quire.errors import InvalidOption
from quire.geometry import Box
from quire.tasks.locate import MOST_MATCHES, locate
from quire.tasks.near import near_matches

LETTER_PX = 10


def line(text: str, row: int = 0, *, words: bool = True) -> Line:
    """A line whose letters are each ten pixels wide, twenty high."""
    top, boxes, at = 30 * row, [], 0
    for word in text.split():
        at = text.index(word, at)
        box = Box(at * LETTER_PX, top, (at + len(word)) * LETTER_PX, top + 20)
        boxes.append(Word(word, box.quad, 0.9))
        at += len(word)
    box = Box(0, top, len(text) * LETTER_PX, top + 20)
    return Line(text, box.quad, 0.9, tuple(boxes) if words else ())


def page(*texts: str) -> list[Line]:
    return [line(text, row) for row, text in enumerate(texts)]


def span(match: Match, place: int = 0) -> tuple[float, float]:
    """Left and right of one of a match's boxes, in letters."""
    box = match.boxes[place]
    return box[0][0] / LETTER_PX, box[1][0] / LETTER_PX


LETTERS = page("Invoice 4071 of 12 March", "Total amount due: 1,284.50", "Please pay the total in thirty days.")


@pytest.mark.parametrize(
    ("wanted", "row", "letters"),
    [
        pytest.param("Total amount", 1, (0, 12), id="as it stands"),
        pytest.param("tOTAL AMOUNT", 1, (0, 12), id="in other case"),
        pytest.param("total  amount\n", 1, (0, 12), id="with other spaces"),
        pytest.param("totalamount", 1, (0, 12), id="without spaces"),
        pytest.param("mount", 1, (7, 12), id="a part of a word"),
        pytest.param("lease pay the tot", 2, (1, 18), id="from one word's middle to another's"),
        pytest.param("1,284.50", 1, (18, 26), id="a number"),
    ],
)
def test_a_text_is_found_with_its_box(wanted: str, row: int, letters: tuple[int, int]) -> None:
    match = next(match for match in locate(LETTERS, wanted) if match.lines == (row,))
    assert (span(match), match.score) == (letters, 1.0)


def test_matches_come_in_reading_order() -> None:
    assert [(match.text, match.lines) for match in locate(LETTERS, "total")] == [("Total", (1,)), ("total", (2,))]


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        pytest.param(("It’s “done”",), 'It\'s "done"', id="straight quotes for round ones"),
        pytest.param(("the oﬃce",), "office", id="letters for a ligature"),
        pytest.param(("from 1990–1995",), "1990-1995", id="a hyphen for a dash"),
        pytest.param(("Straße",), "STRASSE", id="two capitals for a sharp s"),
        pytest.param(("１２３",), "123", id="narrow digits for wide ones"),
        pytest.param(("the har-", "bour was quiet"), "harbour", id="over a hyphen at the end of a line"),
        pytest.param(("a well-", "known boat"), "well-known", id="with a hyphen that belongs there"),
        pytest.param(("the har\u00ad", "bour"), "harbour", id="over a soft hyphen"),
    ],
)
def test_how_letters_are_written_does_not_matter(texts: tuple[str, ...], wanted: str) -> None:
    assert [match.score for match in locate(page(*texts), wanted)] == [1.0]


def test_a_match_over_a_line_break_has_a_box_on_each_line() -> None:
    (match,) = locate(LETTERS, "12 March Total")
    assert (match.lines, span(match, 0), span(match, 1)) == ((0, 1), (16, 24), (0, 5))
    assert match.text == "12 March Total"


@pytest.mark.parametrize(
    ("wanted", "text", "score"),
    [
        pytest.param("Invoice", "lnvoice 4071", 6 / 7, id="a letter misread"),
        pytest.param("amount due", "amout due", 8 / 9, id="a letter missing"),
        pytest.param("harbour", "harrbour", 6 / 7, id="a letter too many"),
    ],
)
def test_nearly_the_text_is_found_with_a_lower_score(wanted: str, text: str, score: float) -> None:
    (match,) = locate([line(text)], wanted)
    assert match.score == pytest.approx(score)


def test_where_it_stands_exactly_nothing_near_is_found_besides() -> None:
    assert [match.score for match in locate([line("harbour harbou")], "harbour")] == [1.0, pytest.approx(6 / 7)]
    assert len(locate([line("harbour")], "harbour")) == 1


@pytest.mark.parametrize("wanted", ["zebra crossing", "cat", "…", "-"], ids=["far", "short", "a sign", "a dash"])
def test_what_is_not_there_is_not_found(wanted: str) -> None:
    assert locate(page("the harbour was quiet", "cut"), wanted) == ()


def test_a_line_without_words_is_cut_in_proportion() -> None:
    (match,) = locate([line("Total amount due", words=False)], "amount")
    assert span(match) == (6, 12)


def test_right_to_left_letters_are_cut_from_the_right() -> None:
    word = Word("שלום", Box(0, 0, 40, 20).quad, 0.9)
    (match,) = locate([Line("שלום", word.box, 0.9, (word,))], "של")
    assert span(match) == (2, 4)


def test_a_tall_line_is_cut_from_the_top() -> None:
    (match,) = locate([Line("東京都庁", Box(0, 0, 20, 80).quad, 0.9)], "都庁")
    assert match.boxes[0] == ((0, 40), (20, 40), (20, 80), (0, 80))


def test_a_tilted_box_follows_the_tilt() -> None:
    quad = ((0.0, 0.0), (100.0, 10.0), (98.0, 30.0), (-2.0, 20.0))
    (match,) = locate([Line("abcdefghij", quad, 0.9)], "fghij")
    assert match.boxes[0][0] == (50.0, 5.0)


def test_an_expression_is_matched_as_it_is_over_lines_too() -> None:
    found = locate(LETTERS, r"March\s+Total|\d+ of|in$", expression=True)
    assert [match.text for match in found] == ["4071 of", "March Total"]


def test_an_expression_that_takes_too_long_is_refused() -> None:
    with pytest.raises(InvalidOption, match="takes too long"):
        locate(page("x" * 200), "(?:x{1,30}){1,30}z", expression=True)


def test_an_expression_that_matches_nothing_at_all_places_finds_nothing() -> None:
    assert locate(LETTERS, "x*", expression=True) == ()


@pytest.mark.parametrize("wanted", ["lorem ipsun", "l"], ids=["nearly everywhere", "one letter"])
def test_of_many_matches_a_thousand_are_told(wanted: str) -> None:
    lines = [line("lorem ipsum dolor sit amet", row, words=False) for row in range(1200)]
    assert len(locate(lines, wanted)) == MOST_MATCHES


@given(st.lists(st.text("ab -é’ﬁ\n", max_size=12), max_size=4), st.text("ab -é’ﬁ", min_size=1, max_size=8))
def test_matches_lie_on_the_lines_they_name(texts: list[str], wanted: str) -> None:
    lines = [line(text.replace("\n", " "), row) for row, text in enumerate(texts)]
    for match in locate(lines, wanted):
        assert 0.8 <= match.score <= 1.0
        assert len(match.boxes) == len(match.lines)
        for box, row in zip(match.boxes, match.lines, strict=True):
            assert all(0 <= x <= LETTER_PX * len(lines[row].text) for x, _ in box)


@given(st.text("abc", max_size=40), st.text("abc", min_size=3, max_size=8), st.integers(1, 3))
def test_what_is_near_is_as_near_as_it_says_and_the_nearest_is_found(text: str, pattern: str, most: int) -> None:
    found = near_matches(text, pattern, most, bytearray(len(text)))
    for near in found:
        assert Levenshtein.distance(text[near.start : near.end], pattern) == near.distance <= most
    ranges = [(start, end) for end in range(len(text) + 1) for start in range(end)]
    nearest = min((Levenshtein.distance(text[start:end], pattern) for start, end in ranges), default=99)
    if nearest <= most and nearest < len(pattern):
        assert min(near.distance for near in found) == nearest
    places = [place for near in found for place in range(near.start, near.end)]
    assert len(places) == len(set(places))
