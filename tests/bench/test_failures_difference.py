"""What is wrong with a reading, part by part, and why."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.bench.failures.difference import difference
from quire.bench.failures.parts import Cause, Difference
from quire.bench.failures.words import Written, written

SOME_WORDS = st.lists(st.sampled_from(["harbour", "harbor", "boats", "a", "A.", "in", "voice", "invoice", "東", "京"]))


def held(truth: str, read: str, *, ignore_case: bool = True) -> Difference:
    return difference(*(written(text, ignore_case=ignore_case, most=5000) for text in (truth, read)))


def said(words: Sequence[Written], places: range) -> str:
    return " ".join(words[place].text for place in places)


def faults(found: Difference) -> list[tuple[Cause, str, str, int]]:
    """Cause, true words, words read and wrong letters of all parts that are wrong."""
    return [
        (part.cause, said(found.truth, part.truth), said(found.read, part.read), part.letters)
        for part in found.parts
        if part.cause is not None
    ]


@pytest.mark.parametrize(
    ("truth", "read", "expected"),
    [
        pytest.param("a quick fox", "a quick\nfox", [], id="another line end"),
        pytest.param("a meeting today", "a meet-\ning today", [], id="a word divided at a line's end"),
        pytest.param("a quick fox", "a quikc fox", [(Cause.CHARACTERS, "quick", "quikc", 2)], id="a misread word"),
        pytest.param("a quick brown fox", "a fox", [(Cause.MISSING, "quick brown", "", 10)], id="words left out"),
        pytest.param("a fox", "a quick fox", [(Cause.INVENTED, "", "quick", 5)], id="a word too many"),
        pytest.param("over the dog", "overthe dog", [(Cause.SPACES, "over the", "overthe", 1)], id="joined words"),
        pytest.param("the dog.", "the d o g .", [(Cause.SPACES, "dog.", "d o g .", 3)], id="letters torn apart"),
        pytest.param(
            "one two three four five six",
            "three four five six one two",
            [(Cause.ORDER, "one two", "", 6), (Cause.ORDER, "", "one two", 6)],
            id="words in another place",
        ),
        pytest.param(
            "before dawn end",
            "before mxzqw end",
            [(Cause.CHARACTERS, "dawn", "mxzqw", 5)],
            id="a word misread beyond recognition",
        ),
        pytest.param(
            "the lodger seven end",
            "the lodgen end",
            [(Cause.CHARACTERS, "lodger", "lodgen", 1), (Cause.MISSING, "seven", "", 5)],
            id="a misread word before one that is left out",
        ),
        pytest.param("東京都", "東亰都", [(Cause.CHARACTERS, "京", "亰", 1)], id="an ideograph"),
    ],
)
def test_wrong_letters_have_a_cause(truth: str, read: str, expected: list[tuple[Cause, str, str, int]]) -> None:
    assert faults(held(truth, read)) == expected


def test_case_is_a_fault_only_where_it_counts() -> None:
    assert faults(held("The Fox", "the fox")) == []
    assert faults(held("The Fox", "the fox", ignore_case=False)) == [
        (Cause.CASE, "The", "the", 1),
        (Cause.CASE, "Fox", "fox", 1),
    ]


def test_letters_of_a_misread_word_are_held_against_each_other() -> None:
    found = held("Modern times", "modem times")
    (misread,) = filter(None, map(found.misread, found.parts))
    assert [*misread.confused()] == [("rn", "m")]


@given(SOME_WORDS, SOME_WORDS)
def test_the_parts_hold_every_word_once_and_in_order(truth: list[str], read: list[str]) -> None:
    found = held(" ".join(truth), " ".join(read))
    for side, words in (("truth", found.truth), ("read", found.read)):
        assert [*chain.from_iterable(getattr(part, side) for part in found.parts)] == [*range(len(words))]
    assert (found.wrong_letters == 0) == ([word.key for word in found.truth] == [word.key for word in found.read])


def test_long_texts_that_have_nothing_in_common_are_not_paired_word_by_word() -> None:
    found = held(" ".join(f"true{place}" for place in range(400)), " ".join(f"read{place}" for place in range(400)))
    assert [(part.cause, len(part.truth), len(part.read)) for part in found.parts] == [(Cause.CHARACTERS, 400, 400)]


def test_words_keep_their_lines_and_their_number_is_bounded() -> None:
    words = written("One  two\n\n\nthree\tfour 東京", ignore_case=True, most=5)
    assert [(word.text, word.key, word.space) for word in words] == [
        ("One", "one", " "),
        ("two", "two", "\n\n"),
        ("three", "three", "\t"),
        ("four", "four", " "),
        ("東", "東", ""),
    ]
