"""Tables in HTML and OTSL, whole and broken."""

import pytest

from quire.document import Table
from quire.engines.vlm.parsing.assemble import assembled
from quire.engines.vlm.parsing.html_tables import parse_html_table
from quire.engines.vlm.parsing.markdown import parse_markdown
from quire.engines.vlm.parsing.otsl import parse_otsl
from quire.engines.vlm.parsing.pieces import Grid, Piece
from quire.engines.vlm.parsing.understood import Understood


def table_of(grid: Grid | None) -> Table:
    assert grid is not None
    return assembled(Understood([Piece("table", grid=grid)]), 100, 100).tables[0]


@pytest.mark.parametrize(
    ("markup", "html"),
    [
        pytest.param(
            "<table><thead><tr><th>a</th><th colspan='2'>b</th></tr></thead><tbody><tr><td rowspan=2>c</td><td>d</td>"
            "<td>e</td></tr><tr><td>f</td><td>g</td></tr></tbody></table>",
            '<table><thead><tr><th>a</th><th colspan="2">b</th></tr></thead><tbody><tr><td rowspan="2">c</td><td>d</td>'
            "<td>e</td></tr><tr><td>f</td><td>g</td></tr></tbody></table>",
            id="spans and a head",
        ),
        pytest.param(
            "<table><tr><td>a<td>b<tr><td>c",
            "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td></td></tr></tbody></table>",
            id="no end tags, cut off, a row too short",
        ),
        pytest.param(
            "<table><tr><td>a</td><td rowspan='9'>b</td></tr><tr><td>c</td></tr></table>",
            '<table><tbody><tr><td>a</td><td rowspan="2">b</td></tr><tr><td>c</td></tr></tbody></table>',
            id="a span that reaches below the last row",
        ),
        pytest.param(
            "<table><td>a</td><caption>Name</caption></table>",
            "<table><caption>Name</caption><tbody><tr><td>a</td></tr></tbody></table>",
            id="a cell outside of rows, and a caption",
        ),
        pytest.param(
            "<table><tr><td>a<table><tr><td>b</td></tr></table>c</td><td>1 &lt; 2</td></tr></table>",
            "<table><tbody><tr><td>a b c</td><td>1 &lt; 2</td></tr></tbody></table>",
            id="a table inside a cell is text",
        ),
        pytest.param(
            "<table><tr><td>a<br>b</td><td>c</td></tr><tr><td>d</td><td>e</t",
            "<table><tbody><tr><td>a<br>b</td><td>c</td></tr><tr><td>d</td><td>e</td></tr></tbody></table>",
            id="cut off inside a tag",
        ),
    ],
)
def test_html(markup: str, html: str) -> None:
    assert table_of(parse_html_table(markup)).html == html


@pytest.mark.parametrize(
    ("otsl", "html"),
    [
        pytest.param(
            "<fcel>a<lcel><fcel>b<nl><fcel>c<fcel>d<ecel><nl>",
            '<table><tbody><tr><td colspan="2">a</td><td>b</td></tr>'
            "<tr><td>c</td><td>d</td><td></td></tr></tbody></table>",
            id="a cell over two columns",
        ),
        pytest.param(
            "<otsl><ched>a<ched>b<nl><fcel>c<fcel>d<nl><ucel><fcel>e<nl></otsl>",
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>"
            '<tr><td rowspan="2">c</td><td>d</td></tr><tr><td>e</td></tr></tbody></table>',
            id="a head, and a cell over two rows",
        ),
        pytest.param(
            "<fcel>a<lcel><nl><ucel><xcel><nl><fcel>b<fcel>c<nl>",
            '<table><tbody><tr><td rowspan="2" colspan="2">a</td></tr><tr><td>b</td><td>c</td></tr></tbody></table>',
            id="a cell over both",
        ),
        pytest.param(
            "<lcel><ucel>x<nl><fcel>y",
            "<table><tbody><tr><td></td><td>x</td></tr><tr><td>y</td><td></td></tr></tbody></table>",
            id="places that continue nothing",
        ),
    ],
)
def test_otsl(otsl: str, html: str) -> None:
    assert table_of(parse_otsl(otsl)).html == html


def test_a_table_far_too_large_is_none() -> None:
    assert parse_otsl("<fcel>" * 300 + "<nl>" + "<fcel>a<nl>" * 300) is None
    assert parse_html_table("<table><tr>" + "<td>" * 400 + "<tr><td>a" * 200) is None


def test_text_after_a_table_without_an_end_stays_text() -> None:
    pieces = parse_markdown("<table>\n<tr><td>a</td></tr>\n\nA paragraph.")

    assert [(piece.kind, piece.text) for piece in pieces] == [("table", ""), ("paragraph", "A paragraph.")]


def test_cells_lie_in_the_tables_box() -> None:
    table = table_of(parse_otsl("<fcel>a<fcel>b<nl><fcel>c<fcel>d<nl>"))

    assert [cell.box[0] for cell in table.cells] == [(0, 0), (50, 0), (0, 50), (50, 50)]
