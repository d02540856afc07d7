"""What holds for any two texts, and for very long ones."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told_pages import said, seen

from quire.grounding import Grounded, ground
from quire.grounding.alignment import align
from quire.grounding.likeness import likeness
from quire.grounding.texts import said_of, seen_of

PIECES = st.sampled_from(
    ["the", "of", "mill", "river", "1953", "12.5", "a", "rn", "m", "東京", "—", "<td>", "$x_1$", "\\"]
)
TEXT = st.text(max_size=30) | st.lists(PIECES, max_size=12).map(" ".join)
TEXTS = st.lists(TEXT, max_size=8)


@given(TEXTS, TEXTS)
def test_any_two_texts_can_be_held_against_each_other(told: list[str], page: list[str]) -> None:
    grounded = ground(said(*told), seen(*page))
    figures = grounded.grounding
    assert 0.0 <= figures.score <= 1.0
    assert 0.0 <= figures.supported <= 1.0
    assert 0.0 <= figures.found <= 1.0
    assert [line.text for line in grounded.lines] == told
    assert all(0.0 <= word.confidence <= 1.0 for line in grounded.lines for word in line.words)
    for ref in figures.unsupported:
        assert grounded.lines[ref.line].words[ref.word].text == ref.text


@given(TEXTS, TEXTS)
def test_every_atom_is_used_once(told: list[str], page: list[str]) -> None:
    text, reading = said_of(said(*told), ()), seen_of(seen(*page))
    links = align(text, reading)
    for own, start, end in ((links.said_link, 0, 1), (links.seen_link, 2, 3)):
        used = [place for link in {*own} - {None} for place in range(link[start], link[end])]
        assert len(used) == len({*used})
        assert {*used} == {place for place, link in enumerate(own) if link is not None}
    assert {*links.said_link} == {*links.seen_link} or None in {*links.said_link} ^ {*links.seen_link}


@given(TEXTS)
def test_the_same_text_scores_1(page: list[str]) -> None:
    figures = ground(said(*page), seen(*page)).grounding
    assert figures.score == 1.0
    assert not figures.unsupported


@given(st.text(max_size=12), st.text(max_size=12))
def test_likeness_is_a_share(first: str, second: str) -> None:
    assert 0.0 <= likeness(first, second) <= 1.0


def words(count: int, kinds: int, seed: int) -> list[str]:
    random = Random(seed)
    every = [f"{''.join(random.choices('abcdefghij', k=6))}" for _ in range(kinds)]
    return [" ".join(random.choices(every, k=10)) for _ in range(count // 10)]


@pytest.mark.parametrize(
    ("told", "page"),
    [
        pytest.param(words(6000, 2000, 1), words(6000, 2000, 2), id="nothing in common"),
        pytest.param(words(6000, 5, 1), words(6000, 5, 2), id="few words in any order"),
        pytest.param(["the same line again"] * 5000, words(500, 50, 3), id="a loop that never ends"),
        pytest.param(["one"] * 20_000, ["one"] * 20_000, id="one word"),
        pytest.param(["x" * 100_000], ["x" * 99_000 + "y"], id="one endless word"),
        pytest.param(["$" * 20_000, "<a" * 20_000], ["\\(" * 20_000], id="openings that nothing closes"),
    ],
)
def test_hostile_pages_end(told: list[str], page: list[str]) -> None:
    grounded: Grounded = ground(said(*told), seen(*page))
    assert 0.0 <= grounded.grounding.score <= 1.0
