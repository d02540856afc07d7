"""Greedy decoding against the definition, written as a loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from quire.engines.ppocr.ctc import collapse, decode

CHARACTERS = ("", "a", "b", "c", " ")


def by_definition(best: list[int], peaks: list[float]) -> list[tuple[str, float, int, int]]:
    """Character, highest probability, first column and the one after the last."""
    found: list[tuple[str, float, int, int]] = []
    previous = 0
    for column, (index, peak) in enumerate(zip(best, peaks, strict=True)):
        if index and index == previous:
            text, highest, start, _ = found[-1]
            found[-1] = (text, max(highest, peak), start, column + 1)
        elif index:
            found.append((CHARACTERS[index], peak, column, column + 1))
        previous = index
    return found


@given(st.lists(st.tuples(st.integers(0, len(CHARACTERS) - 1), st.floats(0, 1, width=32)), min_size=0, max_size=40))
def test_collapsing_follows_the_definition(columns: list[tuple[int, float]]) -> None:
    best = [index for index, _ in columns]
    peaks = [peak for _, peak in columns]
    read = collapse(np.array(best, np.int64), np.array(peaks, np.float32), np.zeros(len(best), np.float32), CHARACTERS)
    rows = zip(read.texts, read.confidences.tolist(), *read.columns.T.tolist(), strict=True)
    assert list(rows) == by_definition(best, peaks)


@given(arrays.arrays(np.float32, st.tuples(st.integers(1, 20), st.just(5)), elements=st.floats(0, 1, width=32)))
def test_decoding_keeps_the_best_class_of_each_column(probabilities: np.ndarray) -> None:
    read = decode(probabilities, CHARACTERS)
    best = probabilities.argmax(axis=1).tolist()
    assert list(read.texts) == [text for text, *_ in by_definition(best, probabilities.max(axis=1).tolist())]
    assert np.array_equal(read.spaces, probabilities[:, -1])


@pytest.mark.parametrize(
    "best",
    [pytest.param([], id="no columns at all"), pytest.param([0, 0, 0], id="nothing but blanks")],
)
def test_nothing_read_is_an_empty_text_without_confidence(best: list[int]) -> None:
    columns = len(best)
    read = collapse(np.array(best, np.int64), np.ones(columns, np.float32), np.zeros(columns), CHARACTERS)
    assert read.text == ""
    assert read.confidence == 0.0
    assert read.columns.shape == (0, 2)


def test_a_blank_parts_two_equal_letters() -> None:
    best = np.array([1, 1, 0, 1])
    read = collapse(best, np.array([0.5, 0.9, 0.9, 0.7], np.float32), np.zeros(4, np.float32), CHARACTERS)
    assert read.text == "aa"
    assert read.confidence == pytest.approx(0.8)
