"""Scores on cases small enough to count by hand."""

from __future__ import annotations

from typing import Any

import pytest

from quire.bench.scoring.boxes import iou, polygon, score_lines
from quire.bench.scoring.facts import score_facts
from quire.bench.scoring.tables import relations, score_tables
from quire.bench.scoring.tally import Tally, total
from quire.bench.scoring.text import edit_distance, normalized, score_text, tokens, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a  b\t\nc ", "a b c", id="runs of space become one and the ends go"),
        pytest.param("“a” ‘b’ «c»", '"a" \'b\' "c"', id="quotes become plain"),
        pytest.param("1–2—3−4", "1-2-3-4", id="dashes become plain"),
        pytest.param("indi-\n  cate", "indicate", id="a word split at a line's end is joined"),
        pytest.param("well-known", "well-known", id="a hyphen inside a line stays"),
        pytest.param("ﬁne Ａ", "fine A", id="ligatures and wide letters are taken apart"),
        pytest.param("中 文 abc 中", "中文 abc 中", id="spaces between ideographs go, those beside Latin stay"),
        pytest.param("a\u00adb\u200bc", "abc", id="invisible characters go"),
        pytest.param("one\ftwo", "one\ftwo", id="form feeds stay"),
    ],
)
def test_normalisation(text: str, expected: str) -> None:
    assert normalized(text) == expected


def test_case_is_folded_only_when_asked() -> None:
    assert normalized("Straße") == "Straße"
    assert normalized("Straße", ignore_case=True) == "strasse"


def test_ideographs_are_words_of_their_own_and_marks_tokens_of_their_own() -> None:
    assert words("ab, 中文c") == ["ab,", "中", "文", "c"]
    assert tokens("ab, 中文c") == ["ab", ",", "中", "文", "c"]


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        ("kitten", "sitting", 3),
        ("", "abc", 3),
        (["a", "b"], ["b"], 1),
        ("flaw", "lawn", 2),
        ("same", "same", 0),
    ],
)
def test_edit_distance(first: Any, second: Any, distance: int) -> None:
    assert edit_distance(first, second) == distance


def test_text_scores_of_one_wrong_letter_and_one_lost_word() -> None:
    figures = score_text("the cat sat down", "the bat sat").summary()
    assert figures["CER"] == 6 / 16  # c → b, and " down"
    assert figures["CERdoc"] == 6 / 16
    assert figures["WER"] == 2 / 4
    assert figures["BoW"] == 2 * 2 / (4 + 3)


def test_the_order_of_words_counts_for_errors_and_not_for_shared_words() -> None:
    figures = score_text("one two", "two one").summary()
    assert figures["WER"] == 1
    assert figures["BoW"] == 1


def test_a_space_beside_a_mark_makes_no_difference_to_tokens() -> None:
    figures = score_text("Total : 5", "Total: 5").summary()
    assert figures["tokF1"] == 1
    assert figures["BoW"] == 2 * 1 / (3 + 2)


def test_pages_are_compared_one_by_one_when_both_have_as_many() -> None:
    assert score_text("ab\fcd", "cd\fab").edits == 4
    assert score_text("ab\fcd", "ab cd").edits == 0


def test_the_rate_of_one_document_is_at_most_one() -> None:
    figures = score_text("a", "much too long").summary()
    assert figures["CER"] == 13
    assert figures["CERdoc"] == 1


def test_rates_weigh_documents_by_length_and_document_rates_do_not() -> None:
    figures = total([score_text("a" * 90, "a" * 90), score_text("b" * 10, "c" * 10)]).summary()
    assert figures["CER"] == 0.1
    assert figures["CERdoc"] == 0.5


def test_nothing_to_measure_is_none_and_not_zero() -> None:
    assert Tally().summary() == {"docs": 0, "missing": 0} | dict.fromkeys(
        ["CER", "CERdoc", "WER", "BoW", "tokF1", "detP", "detR", "e2eF1", "tabF1", "tests"]
    )


def line(x: float, text: str = "one two") -> dict[str, Any]:
    return {"text": text, "box": [x, 0, x + 100, 20]}


def test_lines_match_from_an_overlap_of_one_half_on() -> None:
    figures = score_lines([line(0), line(300)], [line(30), line(390)]).summary()  # IoU 0.54 and 0.05
    assert (figures["detP"], figures["detR"], figures["e2eF1"]) == (0.5, 0.5, 0.5)


def test_a_line_is_matched_once_and_with_its_best_partner() -> None:
    tally = score_lines([line(0, "right")], [line(20, "wrong"), line(5, "right")])
    assert (tally.lines_matched, tally.line_words_shared) == (1, 1)


def test_without_lines_read_precision_is_zero() -> None:
    figures = score_lines([line(0)], []).summary()
    assert (figures["detP"], figures["detR"], figures["e2eF1"]) == (0, 0, 0)


def test_overlap_of_a_square_and_a_diamond_inside_it() -> None:
    diamond = polygon([[50, 0], [100, 50], [50, 100], [0, 50]])
    assert iou(polygon([0, 0, 100, 100]), diamond) == pytest.approx(0.5)


def test_corners_in_either_direction_are_the_same_polygon() -> None:
    corners = [[0, 0], [10, 0], [10, 5], [0, 5]]
    assert iou(polygon(corners), polygon(corners[::-1])) == 1


TABLE = "<table><tr><th>a<th>b</tr><tr><td colspan=2>c</td></tr></table>"


def test_cells_relate_to_their_neighbours_at_the_right_and_below() -> None:
    assert set(relations([TABLE])) == {("a", "b", "right"), ("a", "c", "down"), ("b", "c", "down")}


def test_blank_cells_are_skipped_and_spans_fill_their_places() -> None:
    table = "<table><tr><td rowspan=2>a<td><td>b</tr><tr><td>c</tr></table>"
    assert set(relations([table])) == {("a", "b", "right"), ("a", "c", "right")}


def test_table_score_is_the_share_of_relations_in_common() -> None:
    read = "<table><tr><td>A<td>b</tr><tr><td>c</td></tr></table>"  # case and spaces do not count
    assert score_tables([TABLE], [read]).summary()["tabF1"] == 2 * 2 / (3 + 2)


def test_hostile_spans_are_bounded() -> None:
    assert relations([f"<table><tr><td rowspan={'9' * 5000} colspan=9999999>a</td></tr></table>"]).total() == 0


@pytest.mark.parametrize(
    ("test", "holds"),
    [
        pytest.param({"type": "present", "text": "Brown  fox"}, True, id="a text is present"),
        pytest.param({"type": "present", "text": "red fox"}, False, id="a text is not present"),
        pytest.param({"type": "absent", "text": "Page 3"}, True, id="a text is absent"),
        pytest.param({"type": "absent", "text": "dog"}, False, id="a text is not absent"),
        pytest.param({"type": "order", "before": "quick", "after": "dog"}, True, id="two texts in order, over pages"),
        pytest.param({"type": "order", "before": "dog", "after": "quick"}, False, id="two texts out of order"),
    ],
)
def test_facts(test: dict[str, str], holds: bool) -> None:
    assert score_facts([test], "The quick brown fox\fthe lazy DOG").facts_met == holds


def test_facts_about_tables_and_formulas_are_left_out_and_nothing_is_absent_from_nothing() -> None:
    assert score_facts([{"type": "table"}, {"type": "math"}], "text").facts == 0
    assert score_facts([{"type": "absent", "text": "x"}], "").facts_met == 0
