"""Tables as CSV and as workbooks; lines as layout text and as detections."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
from drawn_pages import HOSTILE, at, line, read_document, read_page
from small_documents import BOX

from quire.document import Cell, Document, Table
from quire.exports import export


def _tables(*tables: Table) -> Document:
    return read_document(read_page([line(at(9, 9, "x"))], tables=tables))


def _table(*rows: tuple[str, ...]) -> Table:
    cells = (Cell(r, c, text, BOX, header=r == 0) for r, row in enumerate(rows) for c, text in enumerate(row))
    return Table(BOX, len(rows), len(rows[0]), tuple(cells))


SPANNING = Table(
    BOX, 2, 2, (Cell(0, 0, "Wide", BOX, column_span=2, header=True), Cell(1, 0, "1,234.5", BOX), Cell(1, 1, "007", BOX))
)


def _csv(document: Document) -> list[list[str]]:
    return [*csv.reader(io.StringIO(export("csv").encode(document).decode(), newline=""))]


def _book(document: Document) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(export("xlsx").encode(document)))


class TestCsv:
    def test_tables_follow_each_other_after_an_empty_line(self) -> None:
        document = _tables(_table(("a", "b"), ('say "hi"', "c,d")), SPANNING)
        assert _csv(document) == [["a", "b"], ['say "hi"', "c,d"], [], ["Wide", ""], ["1,234.5", "007"]]

    @pytest.mark.parametrize(
        ("text", "written"),
        [
            pytest.param("=1+1", "'=1+1", id="a formula"),
            pytest.param("@SUM(A1)", "'@SUM(A1)", id="an old formula"),
            pytest.param('-2+cmd|"/c calc"!A0', '\'-2+cmd|"/c calc"!A0', id="a command"),
            pytest.param("-1,234.50", "-1,234.50", id="a negative number stays one"),
            pytest.param("+4%", "+4%", id="a share stays one"),
        ],
    )
    def test_what_a_spreadsheet_would_run_is_text(self, text: str, written: str) -> None:
        assert _csv(_tables(_table((text,)))) == [[written]]


class TestXlsx:
    def test_each_table_is_a_sheet_with_its_merged_cells(self) -> None:
        book = _book(_tables(SPANNING, _table(("x",))))
        first = book.worksheets[0]
        assert book.sheetnames == ["Table 1, page 1", "Table 2, page 1"]
        assert [str(cells) for cells in first.merged_cells.ranges] == ["A1:B1"]
        assert (first["A1"].value, first["A2"].value, first["B2"].value) == ("Wide", 1234.5, "007")
        assert first["A1"].font.bold

    @pytest.mark.parametrize("text", ["=1+1", "https://a.example", HOSTILE, "x" * 40_000])
    def test_text_stays_text(self, text: str) -> None:
        cell = _book(_tables(_table((text,)))).worksheets[0]["A1"]
        assert (cell.data_type, cell.hyperlink) == ("s", None)

    def test_a_document_without_tables_is_an_empty_workbook(self) -> None:
        assert _book(_tables()).sheetnames == ["No tables"]

    def test_the_same_document_gives_the_same_bytes(self) -> None:
        assert export("xlsx").encode(_tables(SPANNING)) == export("xlsx").encode(_tables(SPANNING))


class TestLayoutText:
    def test_columns_stay_columns(self) -> None:
        rows = [("Item", "Qty", "Price"), ("Chairs", "4", "120.00"), ("Long table", "1", "99.50")]
        lines = [
            line(at(20, 20 + 30 * r, name), at(200, 20 + 30 * r, count), at(300, 20 + 30 * r, price))
            for r, (name, count, price) in enumerate(rows)
        ]
        written = export("layout").encode(read_document(read_page(lines))).decode()
        assert written == (
            "Item              Qty       Price\nChairs            4         120.00\nLong table        1         99.50\n"
        )

    def test_ideographs_take_two_columns(self) -> None:
        lines = [
            line(at(20, 20, "数量", 40), at(200, 20, "x")),
            line(at(20, 50, "abcd"), at(200, 50, "y")),
        ]
        first, second, _ = export("layout").encode(read_document(read_page(lines))).decode().split("\n")
        assert (first, second) == ("数量" + " " * 14 + "x", "abcd" + " " * 14 + "y")

    def test_words_far_apart_do_not_make_an_endless_row(self) -> None:
        page = read_page([line(at(0, 10, "a", 0.001), at(1e7, 10, "b", 0.001))])
        assert len(export("layout").encode(read_document(page))) < 500

    def test_a_page_without_text_is_an_empty_line(self) -> None:
        assert export("layout").encode(read_document(read_page([line(at(9, 9, " "))]))) == b"\n"


def test_detections_are_lines_with_their_page() -> None:
    found = json.loads(export("detections").encode(read_document(read_page([line(at(10, 10, "one"))], number=4))))
    box = [[10, 10], [40, 10], [40, 30], [10, 30]]
    assert found == [{"text": "one", "box": box, "confidence": 0.99, "page_number": 4}]
