"""What notebooks show of a document, and its tables as data frames."""

from __future__ import annotations

import sys
from html.parser import HTMLParser

import pandas
import pytest

from quire.document import Block, Cell, Document, Page, Table

BOX = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def document(text: str, pages: int = 1) -> Document:
    page = Page(1, 9, 9, None, 0, 0.0, "ocr", "ppocr", "en", (), (Block("paragraph", BOX, text, ()),))
    return Document("a.png", "image/png", "0" * 64, pages, "ppocr", (page,) * pages)


def table(*rows: str, header: int = 0, spans: dict[tuple[int, int], tuple[int, int]] | None = None) -> Table:
    """A table of rows like "a b c"; of a place that a span covers, the text is "-"."""
    texts = [row.split() for row in rows]
    cells = [
        Cell(row, column, text, BOX, *(spans or {}).get((row, column), (1, 1)), header=row < header)
        for row, line in enumerate(texts)
        for column, text in enumerate(line)
        if text != "-"
    ]
    return Table(BOX, len(texts), len(texts[0]), tuple(cells))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Tags()
    parser.feed(html)
    return parser.found


class TestHtml:
    def test_it_is_one_frame_that_can_do_nothing(self) -> None:
        hostile = '"></iframe><script>alert(1)</script><img src=x onerror=alert(1)>'

        (frame,) = tags(document(hostile)._repr_html_())

        assert frame[0] == "iframe"
        assert frame[1]["sandbox"] is None
        inside = tags(frame[1]["srcdoc"] or "")
        assert not {"script", "img", "iframe"} & {tag for tag, _ in inside}

    def test_it_says_what_the_document_says(self) -> None:
        ((_, attributes),) = tags(document("Tom & Jerry < 3")._repr_html_())

        assert "Tom &amp; Jerry &lt; 3" in (attributes["srcdoc"] or "")

    def test_of_a_long_document_it_shows_the_beginning(self) -> None:
        (frame, paragraph) = tags(document("a", pages=300)._repr_html_())

        assert [tag for tag, _ in tags(frame[1]["srcdoc"] or "")].count("section") == 20
        assert paragraph[0] == "p"


class TestDataFrame:
    def test_a_header_row_names_the_columns(self) -> None:
        frame = table("item price", "pen 1.20", "ink 3.40", header=1).to_pandas()

        assert frame.to_dict("list") == {"item": ["pen", "ink"], "price": ["1.20", "3.40"]}

    def test_without_one_columns_are_numbers(self) -> None:
        assert table("pen 1.20", "ink 3.40").to_pandas().to_dict("list") == {0: ["pen", "ink"], 1: ["1.20", "3.40"]}

    def test_several_header_rows_are_levels(self) -> None:
        frame = table("year - name", "from to -", "1 2 a", header=2, spans={(0, 0): (1, 2), (0, 2): (2, 1)}).to_pandas()

        assert [*frame.columns] == [("year", "from"), ("year", "to"), ("name", "name")]
        assert frame.to_numpy().tolist() == [["1", "2", "a"]]

    def test_a_cell_that_spans_stands_in_each_of_its_places(self) -> None:
        frame = table("a b", "- c", spans={(0, 0): (2, 1)}).to_pandas()

        assert frame.to_numpy().tolist() == [["a", "b"], ["a", "c"]]

    def test_spans_beyond_the_table_are_cut(self) -> None:
        frame = table("a b", spans={(0, 1): (9, 9)}).to_pandas()

        assert isinstance(frame, pandas.DataFrame)
        assert frame.to_numpy().tolist() == [["a", "b"]]

    def test_without_pandas_the_error_says_how_to_get_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "pandas", None)

        with pytest.raises(ImportError, match="pip install"):
            table("a").to_pandas()
