"""Which pages, and which blocks of them, a model is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from quire.cascade import planned
from quire.cascade.planning import readable
from quire.document import Block, BlockKind, Line
from quire.geometry import Box
from quire.layout import Structure
from quire.options import ReadOptions

BOX = Box(0, 0, 100, 10).quad
SENTENCE = "Forty letters and marks, neither more no"


def page(*blocks: tuple[BlockKind, Sequence[float]]) -> Structure:
    """Blocks of lines of forty letters, by the confidence of each line."""
    lines: list[Line] = []
    made: list[Block] = []
    for kind, confidences in blocks:
        own = tuple(range(len(lines), len(lines) + len(confidences)))
        lines += [Line(SENTENCE, BOX, confidence) for confidence in confidences]
        made.append(Block(kind, BOX, "\n".join([SENTENCE] * len(confidences)), own))
    return Structure(tuple(lines), tuple(made), (), ())


def plan(
    structure: Structure, *, known: bool = True, by_blocks: bool = False, **options: Any
) -> tuple[str, list[str], tuple[int, ...]]:
    found = planned(ReadOptions.of(**options), structure, known=known, by_blocks=by_blocks)
    return found.decision, [reason.rule for reason in found.reasons], found.blocks


CLEAR = page(("heading", [0.99]), ("paragraph", [0.99, 0.98]))


def test_a_page_that_reads_well_is_kept() -> None:
    assert plan(CLEAR, strategy="balanced") == ("kept", [], ())


def test_the_model_is_never_asked_for_speed() -> None:
    assert plan(page(("paragraph", [0.3])), strategy="speed") == ("kept", [], ())


@pytest.mark.parametrize("strategy", ["accuracy", None])
def test_every_page_is_the_models_otherwise(strategy: str | None) -> None:
    assert plan(CLEAR, strategy=strategy) == ("page", ["asked"], ())


def test_a_page_that_reads_badly_all_over_is_asked_for_whole() -> None:
    bad = page(("paragraph", [0.85, 0.8]), ("paragraph", [0.7]))
    assert plan(bad, strategy="balanced") == ("page", ["confidence", "doubtful_letters"], ())


def test_of_a_page_that_reads_badly_in_one_place_that_place_is_asked_for() -> None:
    spotted = page(("paragraph", [0.99] * 5), ("paragraph", [0.7]), ("paragraph", [0.99] * 5))
    assert plan(spotted, strategy="balanced") == ("blocks", ["confidence", "doubtful_letters"], (1,))


def test_one_doubtful_line_of_many_is_no_reason() -> None:
    assert plan(page(("paragraph", [0.99] * 30), ("footnote", [0.8])), strategy="balanced")[0] == "kept"


@pytest.mark.parametrize("kind", ["table", "formula"])
def test_what_is_more_than_its_text_is_asked_for(kind: BlockKind) -> None:
    mixed = page(("paragraph", [0.99] * 5), (kind, [0.99, 0.99]))
    assert plan(mixed, strategy="balanced") == ("blocks", [kind], (1,))


def test_a_page_that_is_mostly_table_is_asked_for_whole() -> None:
    assert plan(page(("paragraph", [0.99]), ("table", [0.99] * 5)), strategy="balanced") == ("page", ["table"], ())


def test_pictures_are_never_asked_for() -> None:
    pictures = page(("figure", [0.4]), ("paragraph", [0.99] * 9))
    assert plan(pictures, strategy="balanced", by_blocks=True)[2] == (1,)


def test_a_page_without_any_text_that_was_seen_is_asked_for() -> None:
    assert plan(page(), strategy="balanced") == ("page", ["nothing_read"], ())


def test_a_language_that_recognition_does_not_know_is_the_models() -> None:
    assert plan(CLEAR, strategy="balanced", known=False) == ("page", ["language"], ())


def test_a_model_for_blocks_is_asked_for_all_of_them_but_pictures() -> None:
    whole = page(("title", [0.99]), ("figure", [0.9]), ("table", [0.9]))
    assert plan(whole, by_blocks=True) == ("page", ["asked"], (0, 2))


def test_a_reason_says_what_was_measured() -> None:
    (reason, *_) = planned(ReadOptions.of(strategy="balanced"), page(("paragraph", [0.8]))).reasons
    assert reason.to_dict() == {"rule": "confidence", "value": 0.8, "threshold": 0.97}


def test_a_script_that_was_not_understood_bears_nothing_out() -> None:
    assert readable(page(("paragraph", [0.99, 0.99, 0.99, 0.6])).lines)
    assert not readable(page(("paragraph", [0.99, 0.8, 0.6])).lines)
    assert not readable(())
