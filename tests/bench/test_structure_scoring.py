"""Scores of structure on cases small enough to count by hand."""

from __future__ import annotations

import pytest

from quire.bench.scoring.counts import Counts, summed
from quire.bench.scoring.headings import Heading, score_headings
from quire.bench.scoring.kinds import score_kinds
from quire.bench.scoring.order import order_score
from quire.bench.scoring.teds import table_scores, teds


def table(*rows: str, tag: str = "td") -> str:
    """Cells parted by spaces, rows by arguments."""
    cells = ("".join(f"<{tag}>{cell}</{tag}>" for cell in row.split()) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


@pytest.mark.parametrize(
    ("truth", "read", "score"),
    [
        pytest.param("ab cd", "ab cd", 1.0, id="the same text"),
        pytest.param("AB", "a\u200bb", 1.0, id="case and invisible characters do not count"),
        pytest.param("a\fb", "a b", 1.0, id="page ends do not count"),
        pytest.param("abcd", "cdab", 0.5, id="a half that was moved counts twice"),
        pytest.param("abcd", "", 0.0, id="nothing was read"),
        pytest.param("", "", 1.0, id="there was nothing to read"),
        pytest.param("abc", "abcd", 6 / 7, id="one letter too many"),
    ],
)
def test_reading_order(truth: str, read: str, score: float) -> None:
    assert order_score(truth, read) == pytest.approx(score)


@pytest.mark.parametrize(
    ("truth", "read", "score"),
    [
        pytest.param(table("a b", "c d"), table("a b", "c d"), 1.0, id="the same table"),
        pytest.param(table("a b"), table("a b", tag="th"), 1.0, id="header cells count as cells"),
        pytest.param(
            table("a b"), "<table><thead><tr><td>a<td>b</tr></thead></table>", 1.0, id="header groups do not count"
        ),
        pytest.param(table("a b", "c d"), table("a b"), 1 - 3 / 7, id="a row of two cells is missing"),
        pytest.param(table("a b"), table("a x"), 1 - 1 / 4, id="another text in one cell"),
        pytest.param(table("a abcd"), table("a abcx"), 1 - 0.25 / 4, id="one letter of four in one cell"),
        pytest.param(
            table("a b"), "<table><tr><td colspan='2'>a</td><td>b</td></tr></table>", 1 - 1 / 4, id="another span"
        ),
        pytest.param(table("a b c"), table("b c"), 1 - 1 / 5, id="the first column is missing"),
        pytest.param(table("a b", "c d", "e f"), table("c d", "e f"), 1 - 3 / 10, id="the first row is missing"),
    ],
)
def test_teds(truth: str, read: str, score: float) -> None:
    assert teds(truth, read) == pytest.approx(score)
    assert teds(read, truth) == pytest.approx(score)


def test_tables_too_large_to_compare_are_left_out() -> None:
    assert teds(table("a b"), table(" ".join("x" * 4000))) is None
    assert table_scores([table(" ".join("x" * 4000))], [table(" ".join("x" * 4000))]) == []


def test_each_table_is_compared_with_the_one_that_it_shares_most_with() -> None:
    first, second = table("a b", "c d"), table("e f", "g h")
    assert table_scores([first, second], [second, table("x y"), first]) == [1.0, 1.0]
    assert table_scores([first, second], [second]) == [0.0, 1.0]
    assert table_scores([first, first], [first]) == [1.0, 0.0]
    assert table_scores([first], []) == [0.0]


@pytest.mark.parametrize(
    ("read", "counts"),
    [
        pytest.param([Heading("Results of 1999", 1)], (1, 1, 1), id="the same heading"),
        pytest.param([Heading("RESULTS OF 1998", 2)], (1, 1, 1), id="nearly the same text, one level off"),
        pytest.param([Heading("Results of 1999", 3)], (0, 1, 1), id="two levels off"),
        pytest.param([Heading("Results", 1)], (0, 1, 1), id="only a part of the text"),
        pytest.param([Heading("Results of 1999", 1)] * 2, (1, 1, 2), id="said twice"),
        pytest.param([], (0, 1, 0), id="not found"),
    ],
)
def test_headings(read: list[Heading], counts: tuple[int, int, int]) -> None:
    assert score_headings([Heading("Results of 1999", 1)], read) == counts


def test_counts_become_rates_and_nothing_has_none() -> None:
    assert summed([Counts(1, 2, 1), Counts(2, 2, 3)]) == (3, 4, 4)
    assert Counts(3, 4, 6).f1 == 0.6
    assert summed([]).f1 is None
    assert Counts(0, 0, 2).to_dict() == {"f1": 0.0, "precision": 0.0, "recall": None, "wanted": 0}


def test_kinds_are_compared_word_by_word_however_blocks_are_cut() -> None:
    truth = [("heading", "One two"), ("paragraph", "three four five")]
    read = [("heading", "One"), ("paragraph", "two three"), ("paragraph", "four five")]
    assert score_kinds(truth, read) == {"heading": (1, 2, 1), "paragraph": (3, 3, 4)}
