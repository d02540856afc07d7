"""Tables without upright rules: gutters make their columns."""

from __future__ import annotations

import pytest
from tabular import PITCH, SIZE, level, line, only_table, page, table_lines, texts, tilted

from quire.document import Line
from quire.layout.tables import find_tables
from quire.view import PageView

ROWS = (
    ("Year", "Total", "Public", "Private"),
    ("1996", "51,544", "45,611", "5,933"),
    ("1997", "52,071", "46,127", "5,944"),
    ("1998", "52,526", "46,539", "5,988"),
    ("1999", "52,875", "46,857", "6,018"),
)
RIGHT = (180.0, 330.0, 480.0, 630.0)
PROSE = (
    "The harbour was quiet in the early morning and nobody had come down to",
    "the boats yet, so that the two of them could talk without being heard by",
    "anyone who might have cared about the price of coal or the new railway,",
    "which had been promised for so many years that it had become a joke.",
)


def numbers(*rules_at: float) -> PageView:
    return page([*table_lines(ROWS, RIGHT, align="right")], [level(y, 140, 630) for y in rules_at])


@pytest.mark.parametrize("rules_at", [(), (190.0, 222.0, 350.0)], ids=["without rules", "with rules above and below"])
def test_columns_of_numbers_are_a_table(rules_at: tuple[float, ...]) -> None:
    table = only_table(numbers(*rules_at))
    assert texts(table) == [list(row) for row in ROWS]
    assert {cell.row for cell in table.cells if cell.header} == {0}


@pytest.mark.parametrize("degrees", [-2.0, 1.5])
def test_a_tilted_page_has_the_same_table(degrees: float) -> None:
    assert texts(only_table(tilted(numbers(), degrees))) == [list(row) for row in ROWS]


def test_prose_around_a_table_is_not_in_it() -> None:
    prose = [line(text, 140, 40 + 24 * i) for i, text in enumerate(PROSE)]
    prose += [line(text, 140, 420 + 24 * i) for i, text in enumerate(PROSE)]
    (found,) = find_tables(page([*prose, *table_lines(ROWS, RIGHT, align="right")]))
    assert found.lines == frozenset(range(8, 28))


def test_a_heading_over_a_rule_spans_the_columns_under_the_rule() -> None:
    heading = line("Kind of school", 480, 170, "centre")
    rules = [level(160, 140, 630), level(190, 280, 630), level(222, 140, 630), level(350, 140, 630)]
    table = only_table(page([heading, *table_lines(ROWS, RIGHT, align="right")], rules))
    spanning = next(cell for cell in table.cells if cell.text == "Kind of school")
    assert (spanning.row, spanning.column, spanning.column_span) == (0, 1, 3)
    assert texts(table)[-1] == list(ROWS[-1])
    assert next(cell.row_span for cell in table.cells if cell.text == "Year") == 2


def test_a_caption_above_the_upper_rule_is_not_in_the_table() -> None:
    caption = [line("Table 2.", 140, 150), line("Schools by kind", 260, 150)]
    rules = [level(190, 140, 630), level(222, 140, 630), level(350, 140, 630)]
    table = only_table(page([*caption, *table_lines(ROWS, RIGHT, align="right")], rules))
    assert texts(table)[0] == list(ROWS[0])


def test_lines_of_a_header_are_one_cell() -> None:
    rows = (("", "Pupils of", "Pupils of"), ("Year", "towns", "villages"), *(row[:3] for row in ROWS[1:]))
    lines = [*table_lines(rows[:2], RIGHT, 200, 1.2 * SIZE, "right")]
    lines += table_lines(rows[2:], RIGHT, 245, PITCH, "right")
    table = only_table(page(lines, [level(190, 140, 480), level(241, 140, 480), level(370, 140, 480)]))
    assert texts(table)[0] == ["Year", "Pupils of towns", "Pupils of villages"]


def test_a_label_of_two_lines_is_one_row() -> None:
    rows = (
        ("Kind", "North", "South"),
        ("Grown in the open\nfield", "12.5", "31.0"),
        ("Grown under\nglass", "4.0", "8.1"),
        ("Bought", "3.3", "2.2"),
        ("Sold", "9.1", "7.7"),
    )
    table = only_table(page([*table_lines(rows, (140.0, 420.0, 560.0))]))
    assert [row[0] for row in texts(table)] == [
        "Kind",
        "Grown in the open field",
        "Grown under glass",
        "Bought",
        "Sold",
    ]


def test_section_headings_take_a_row_of_their_own() -> None:
    rows = (ROWS[0], ("Counted", "", "", ""), *ROWS[1:3], ("Expected", "", "", ""), *ROWS[3:])
    table = only_table(page([*table_lines(rows, (140.0, 280.0, 430.0, 580.0))]))
    assert [row[0] for row in texts(table)] == ["Year", "Counted", "1996", "1997", "Expected", "1998", "1999"]


def test_years_that_go_down_are_no_scale() -> None:
    rows = [(str(2024 - year), f"{31 + 7 * year}.5", "12") for year in range(6)]
    assert only_table(page([*table_lines(rows, (140.0, 280.0, 430.0))])).rows == 6


def test_values_a_word_space_apart_stand_in_two_columns() -> None:
    rows = [(f"Town {i}", f"{1000 + i} {2000 + i}") for i in range(8)]
    assert (
        only_table(page([*table_lines(rows, (140.0, 330.0))], [level(195, 140, 420), level(440, 140, 420)])).columns
        == 3
    )


def test_a_picture_of_a_table_alone_is_read() -> None:
    view = PageView(520, 160, None, 0.0, tuple(table_lines(ROWS, (120.0, 240.0, 360.0, 500.0), 8.0, PITCH, "right")))
    assert texts(only_table(view)) == [list(row) for row in ROWS]


NO_TABLES = {
    "prose": [line(text, 140, 40 + 24 * i) for i, text in enumerate(PROSE)],
    "two columns of prose": [line(text[:36], x, 40 + 24 * i) for x in (100, 600) for i, text in enumerate(PROSE * 4)],
    "a list with bullets": [
        one for i, text in enumerate(PROSE) for one in (line("•", 140, 40 + 24 * i), line(text[:20], 180, 40 + 24 * i))
    ],
    "a bibliography": [
        one
        for i, text in enumerate(PROSE * 2)
        for one in (line(f"[{i}]", 140, 40 + 24 * i), line(text, 200, 40 + 24 * i))
    ],
    "a table of contents": [
        one
        for i, text in enumerate(PROSE * 2)
        for one in (line(f"{text[:15]} ..............", 140, 40 + 24 * i), line(str(3 * i + 1), 800, 40 + 24 * i))
    ],
    "numbered equations": [
        one for i in range(6) for one in (line("x = y + z", 300, 40 + 60 * i), line(f"({i + 1})", 900, 40 + 60 * i))
    ],
    "an address and a date": [
        line("Harbour Office", 140, 40),
        line("12 May 1921", 800, 40),
        line("4 Quay Street", 140, 64),
        line("Ref 77", 800, 64),
        line("Arles", 140, 88),
    ],
    "the scale of a chart": [
        one for i in range(6) for one in (line(str(500 - 100 * i), 140, 40 + 40 * i), line("9", 300, 40 + 40 * i))
    ],
}


@pytest.mark.parametrize("lines", NO_TABLES.values(), ids=NO_TABLES)
def test_what_is_no_table(lines: list[Line]) -> None:
    assert find_tables(page(lines)) == ()
