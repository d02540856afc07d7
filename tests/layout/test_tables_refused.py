"""What looks like columns and is no table, or not all of one; tables side by side and from the right."""

from __future__ import annotations

from tests.layout.tabular import level, line, only_table, page, table_lines, texts

from quire.layout.tables import find_tables
from quire.layout.tables.apart import between_equals
from quire.layout.tables.sheet import sheet_of

PROSE = "the bank earned more than in the year before as its loans grew"
HEADS = ["Year", "2018", "2019", "2020"]
ROWS = [["Sales", "12.5", "13.1", "14.2"], ["Costs", "9.1", "9.7", "10.3"], ["Profit", "3.4", "3.4", "3.9"]]


def test_a_side_bar_beside_a_column_of_prose_is_no_table() -> None:
    rules = [level(190, 60, 1140), level(1000, 60, 1140)]
    bar = [["Shares", PROSE], ["Assets", PROSE], ["Rating", PROSE], ["Owner", PROSE], ["Town", PROSE], ["Land", PROSE]]
    assert not find_tables(page([*table_lines(bar, (60, 420))], rules))


def test_the_right_half_of_a_receipt_is_no_table() -> None:
    names = [line(f"item number {n} of a receipt with a name that is long", 60, 200 + 60 * n) for n in range(6)]
    details = [line("of the day", 60, 230 + 60 * n) for n in range(6)]
    prices = table_lines([[f"{n}.50", f"{n}.50"] for n in range(6)], (700, 900), pitch=60.0)
    found = find_tables(page([*names, *details, *prices]))
    assert all(table.table.columns > 2 for table in found)


def test_a_forms_fields_are_no_table() -> None:
    fields = [[f"Date: 1{n}/11/84", f"Author no: NP-7{n}"] for n in range(6)]
    assert not find_tables(page([*table_lines(fields, (100, 600))], [level(190, 100, 900), level(480, 100, 900)]))


def test_rules_of_different_ends_part_tables_side_by_side() -> None:
    left = [*table_lines([HEADS, *ROWS, *ROWS], (100, 260, 340, 420))]
    right = [*table_lines([HEADS, *ROWS], (560, 760, 860, 960), top=260.0)]
    rules = [level(190, 100, 480), level(250, 560, 1040), level(420, 560, 1040)]
    found = [texts(table.table) for table in find_tables(page([*left, *right], rules))]
    assert found == [[HEADS, *ROWS, *ROWS], [HEADS, *ROWS]]


def test_a_caption_set_wide_stays_above_its_table() -> None:
    lines = [
        line("Table 2.", 100, 170),
        line("Figures of the year", 260, 170),
        *table_lines([HEADS, *ROWS], (100, 300, 420, 540)),
    ]
    assert texts(only_table(page(lines))) == [HEADS, *ROWS]


def test_a_rule_below_rows_of_values_ends_no_header() -> None:
    rows = [["Item", "Each", "Total"], ["Meat", "7.10", "7.10"], ["Rice", "1.10", "2.20"], ["Soup", "2.10", "2.10"]]
    rows += [["Sum", "", "11.40"], ["Cash", "", "20.00"], ["Change", "", "8.60"]]
    table = only_table(page([*table_lines(rows, (100, 300, 420))], [level(315, 100, 480)]))
    assert {cell.row for cell in table.cells if cell.header} == {0}


def test_a_table_in_hebrew_counts_its_columns_from_the_right() -> None:
    rows = [["2019", "2018", "שנה"], ["13.1", "12.5", "סך מכירות"], ["9.7", "9.1", "עלות"], ["3.4", "3.4", "רווח"]]
    lines = [*table_lines(rows, (300, 420, 560), align="right")]
    table = only_table(page(lines))
    assert [row[0] for row in texts(table)] == ["שנה", "מכירות סך", "עלות", "רווח"]
    assert [row[1] for row in texts(table)] == ["2018", "12.5", "9.1", "3.4"]
    first = next(cell for cell in table.cells if (cell.row, cell.column) == (1, 0))
    assert first.box[0][0] > max(c.box[0][0] for c in table.cells if c.column == 1)


def test_three_rules_alike_frame_words_amid_the_short_lines_of_a_neighbouring_column() -> None:
    short = [line("of the sea.", 100, 200 + 40 * n) for n in range(5)]
    rules = [level(y, 600, 1000) for y in (190, 226, 330)]
    sheet = sheet_of(page([*short, *table_lines([HEADS, *ROWS], (600, 760, 840, 920))], rules))
    assert sheet is not None
    framed = between_equals(sheet.tokens, sheet.level, sheet.unit)
    assert {token.text for token in framed} == {text for row in [HEADS, *ROWS] for text in row}
    assert not between_equals(sheet.tokens, sheet.level[:2], sheet.unit)
