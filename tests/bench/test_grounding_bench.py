"""Lies put into true pages, and what is made of them."""

from __future__ import annotations

import pytest

from quire.bench import run_grounding
from quire.bench.drawing import seeded
from quire.bench.grounding import figures
from quire.bench.grounding.judging import judge
from quire.bench.grounding.pages import Twice
from quire.bench.grounding.perturbing import Told, ToldWord, perturbed
from quire.document import Block, Line, Page, Word
from quire.errors import InvalidOption
from quire.geometry import Box

PAGE = [f"On day {row} the {name} of house {row * 7} was sold for {row}.50 to a stranger" for row, name in enumerate(
    ("roof", "door", "garden", "cellar", "attic", "stable", "kitchen", "well"), 10
)]  # fmt: skip


def seen() -> list[Line]:
    lines = []
    for row, text in enumerate(PAGE):
        parts = text.split()
        boxes = [Box(100.0 * at, 40.0 * row, 100.0 * at + 90, 40.0 * row + 25).quad for at in range(len(parts))]
        words = tuple(Word(part, box, 0.99) for part, box in zip(parts, boxes, strict=True))
        lines.append(Line(text, Box(0, 40.0 * row, 1400, 40.0 * row + 25).quad, 0.99, words))
    return lines


def told() -> Told:
    return Told(tuple(tuple(ToldWord(word.text, word.box) for word in line.words) for line in seen()), (), 0)


def paragraph() -> Block:
    return Block("paragraph", seen()[0].box, "", tuple(range(len(PAGE))))


def test_the_same_seed_tells_the_same_lies() -> None:
    assert perturbed(told(), 9, seeded(3), ["moon"]) == perturbed(told(), 9, seeded(3), ["moon"])


@pytest.mark.parametrize("seed", range(4))
def test_every_word_of_the_page_is_said_or_removed(seed: int) -> None:
    lied = perturbed(told(), 12, seeded(seed), ["moon", "tower"])
    said = [word.box for line in lied.lines for word in line if word.box is not None]
    assert sorted([*said, *lied.removed]) == sorted(word.box for line in seen() for word in line.words)
    assert all((word.box is None) == (word.lie is not None) for line in lied.lines for word in line)
    assert lied.lies == 12


def test_a_page_without_lies_has_nothing_to_flag() -> None:
    counts = judge(told(), seen())
    assert counts["box right"] == sum(len(line.words) for line in seen())
    assert not [name for name in counts if "flagged" in name or "wrong" in name]


def test_lies_are_found_where_the_page_is_read_well() -> None:
    counts = judge(perturbed(told(), 10, seeded(1), ["moon", "tower"]), seen())
    assert counts["wrongly unsupported"] <= 1
    assert sum(number for name, number in counts.items() if name.endswith(" flagged")) >= 10


def test_figures_of_a_page_that_is_read_without_a_slip() -> None:
    page = Page(1, 1500, 400, None, 0, 0.0, "ocr", "ppocr", "en", tuple(seen()), (paragraph(),))
    found = figures([Twice(page, page)], 2)
    assert found["unsupported"]["recall"] > 0.8
    assert found["boxes_right"] > 0.9
    assert found["scores"]["true_page_least"] == 1.0


def test_numbers_below_one_are_refused() -> None:
    with pytest.raises(InvalidOption):
        run_grounding(0)
