"""Tables with ruling lines both ways."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tabular import SIZE, grid, level, line, only_table, page, table_lines, texts, tilted, upright

from quire.layout.tables import find_tables
from quire.view import LineStyle

ROWS = (
    ("Town", "People", "Area"),
    ("Arles", "51,031", "758.9"),
    ("Nice", "348,085", "71.9"),
    ("Lyon", "522,250", "47.9"),
)
XS, INNER = (100.0, 300.0, 500.0, 700.0), (110.0, 310.0, 510.0)
YS = (193.0, 223.0, 253.0, 283.0, 313.0)


def test_rules_make_rows_and_columns_and_the_first_row_is_the_header() -> None:
    table = only_table(page([*table_lines(ROWS, INNER)], grid(XS, YS)))
    assert texts(table) == [list(row) for row in ROWS]
    assert [cell.header for cell in table.cells] == [True] * 3 + [False] * 9
    assert table.box == ((100.0, 193.0), (700.0, 193.0), (700.0, 313.0), (100.0, 313.0))


@pytest.mark.parametrize("degrees", [-2.5, 1.0, 3.0])
def test_a_tilted_page_has_the_same_table(degrees: float) -> None:
    table = only_table(tilted(page([*table_lines(ROWS, INNER)], grid(XS, YS)), degrees))
    assert texts(table) == [list(row) for row in ROWS]


def test_a_missing_rule_joins_two_cells() -> None:
    rows = (("", "People", ""), ("Arles", "51,031", "758.9"), ("Nice", "348,085", "71.9"))
    rules = [level(y, 100, 700) for y in YS[:4]] + [upright(x, 193, 283) for x in (100.0, 300.0, 700.0)]
    table = only_table(page([*table_lines(rows, INNER)], [*rules, upright(500, 223, 283)]))
    spanning = next(cell for cell in table.cells if cell.text == "People")
    assert (spanning.row, spanning.column, spanning.column_span) == (0, 1, 2)


def test_a_cell_over_two_rows_spans_them() -> None:
    rows = (("South", "Arles", "1"), ("", "Nice", "2"), ("East", "Lyon", "3"))
    rules = [upright(x, 193, 283) for x in XS] + [level(y, 100, 700) for y in (193.0, 253.0, 283.0)]
    table = only_table(page([*table_lines(rows, INNER)], [*rules, level(223, 300, 700)]))
    assert next(cell.row_span for cell in table.cells if cell.text == "South") == 2


def test_borders_may_be_missing_left_and_right() -> None:
    rules = [level(y, 100, 700) for y in YS] + [upright(x, 193, 313) for x in XS[1:3]]
    assert texts(only_table(page([*table_lines(ROWS, INNER)], rules))) == [list(row) for row in ROWS]


def test_double_rules_are_one_edge() -> None:
    doubled = [*grid(XS, YS), *grid([x + 5 for x in XS], [y + 4 for y in YS])]
    assert texts(only_table(page([*table_lines(ROWS, [x + 5 for x in INNER])], doubled))) == [list(r) for r in ROWS]


def test_rules_broken_where_they_cross_are_followed() -> None:
    pieces = [level(y, a + 4, b - 4) for y in YS for a, b in pairwise(XS)]
    pieces += [upright(x, a + 3, b - 3) for x in XS for a, b in pairwise(YS)]
    assert texts(only_table(page([*table_lines(ROWS, INNER)], pieces))) == [list(row) for row in ROWS]


def test_lines_of_a_cell_run_on() -> None:
    rows = (("Kind", "What it is"), ("Arch", "a curved con-\nstruction over\nan opening"), ("Beam", "lies level"))
    rules = grid((100.0, 300.0, 700.0), (193.0, 223.0, 290.0, 320.0))
    assert (
        texts(only_table(page([*table_lines(rows, INNER[:2])], rules)))[1][1] == "a curved construction over an opening"
    )


def test_a_line_read_across_cells_is_cut_between_its_words() -> None:
    across = [line(" ".join(row), 110, 200 + 30 * i) for i, row in enumerate((("a", "b"), ("c", "d"), ("e", "f")))]
    table = only_table(page(across, grid((100.0, 120.0, 160.0), YS[:4])))
    assert texts(table) == [["a", "b"], ["c", "d"], ["e", "f"]]


def test_a_word_read_across_a_rule_is_cut_there_where_its_letters_change() -> None:
    across = [line(f"{170 + i}收入增加", 110, 200 + 30 * i) for i in range(3)]
    table = only_table(page(across, grid((100.0, 136.0, 190.0), YS[:4])))
    assert texts(table) == [["170", "收入增加"], ["171", "收入增加"], ["172", "收入增加"]]


def test_rows_that_no_rule_parts_are_parted_by_their_values() -> None:
    rules = [level(y, 100, 700) for y in (193.0, 223.0, 313.0)] + [upright(x, 193, 313) for x in XS]
    assert texts(only_table(page([*table_lines(ROWS, INNER)], rules))) == [list(row) for row in ROWS]


@pytest.mark.parametrize("head", [("Town", "1999", "2000"), ("Town", "1.5", "2.5")], ids=["years", "bold numbers"])
def test_numbers_may_name_columns(head: tuple[str, str, str]) -> None:
    styles = [LineStyle(SIZE, bold=place < 3) for place in range(12)]
    table = only_table(page([*table_lines((head, *ROWS[1:]), INNER)], grid(XS, YS), styles))
    assert [cell.header for cell in table.cells] == [True] * 3 + [False] * 9


def test_a_title_and_a_note_inside_the_frame_are_no_rows() -> None:
    title = line("Towns of the south and the east of the country by size", 110, 170)
    note = line("The figures were counted in the year before the last one", 110, 320)
    rules = [*grid(XS, YS), level(163, 100, 700), level(343, 100, 700), upright(100, 163, 343), upright(700, 163, 343)]
    assert texts(only_table(page([title, *table_lines(ROWS, INNER), note], rules))) == [list(row) for row in ROWS]


def test_a_frame_around_text_is_no_table() -> None:
    text = [line("some words that stand in a box", 110, 200), line("and a second line of them", 110, 224)]
    assert find_tables(page(text, grid((100.0, 500.0), (193.0, 250.0)))) == ()


def test_scales_and_grid_lines_of_a_chart_are_no_table() -> None:
    labels = [line(str(400 - 100 * i), 110, 200 + 30 * i) for i in range(4)]
    labels += [line("peak", 320, 230), line("low", 520, 290), line("mean", 320, 260), line("rest", 520, 260)]
    assert find_tables(page(labels, grid(XS, YS))) == ()


def test_two_tables_on_a_page_keep_their_lines_apart() -> None:
    below = [*table_lines(ROWS, INNER, top=800)]
    above = [*table_lines(ROWS, INNER)]
    found = find_tables(page(below + above, [*grid(XS, YS), *grid(XS, [y + 600 for y in YS])]))
    assert [sorted(table.lines) for table in found] == [[*range(12, 24)], [*range(12)]]


def test_chinese_words_of_a_cell_are_joined_without_spaces() -> None:
    rows = (("项目", "本期 金额"), ("收入", "170"), ("成本", "124"))
    assert texts(only_table(page([*table_lines(rows, INNER[:2])], grid(XS[:3], YS[:4]))))[0][1] == "本期金额"
