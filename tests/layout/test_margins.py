"""Headers, footers and page numbers of one page."""

from __future__ import annotations

import pytest
from typeset import HEIGHT, LEFT, RIGHT, Row, prose, view

from quire.layout import analyse
from quire.view import PageView, Rule


def kinds(seen: PageView) -> dict[str, str]:
    return {block.text[:12]: block.kind for block in analyse(seen, 7).blocks}


def text() -> list[Row]:
    return [row for place in range(8) for row in prose(240 + 150 * place)]


@pytest.mark.parametrize("number", ["12", "- 12 -", "Page 12 of 40", "xii"])
def test_a_number_alone_at_the_bottom_is_the_page_number(number: str) -> None:
    assert kinds(view(*text(), Row(number, HEIGHT - 120, x=600)))[number[:12]] == "page_number"


def test_a_number_amid_the_page_is_none() -> None:
    rows = [row for row in text() if not 800 < row.y < 1000]
    assert "page_number" not in kinds(view(*rows, Row("12", 900, x=600))).values()


def test_a_small_line_far_above_the_text_is_the_header() -> None:
    assert kinds(view(Row("A history", 80, 16.0), *text()))["A history"] == "header"


def test_a_line_above_a_rule_is_the_header() -> None:
    seen = view(Row("A history", 120), *text(), rules=(Rule(LEFT, 152, RIGHT, 152),))
    assert kinds(seen)["A history"] == "header"


def test_a_title_with_a_page_number_on_its_line_is_the_header() -> None:
    assert kinds(view(Row("Of boats and men 213", 130), *text()))["Of boats and"] == "header"


def test_a_large_line_at_the_top_is_no_header() -> None:
    assert kinds(view(Row("A history", 80, 40.0), *text()))["A history"] == "title"


def test_what_is_stamped_on_the_very_edge_is_the_header_however_close_the_next_line_is() -> None:
    found = kinds(view(Row("Downloaded in July", 8, 16.0), Row("A history", 36, 16.0), *text()))
    assert found["Downloaded i"] == "header"


def test_the_first_line_of_a_letter_is_no_header() -> None:
    seen = view(Row("Dear Sir or Madam,", 120), *prose(180), *prose(330))
    assert set(kinds(seen).values()) == {"paragraph"}


def test_what_a_pdf_calls_an_artifact_is_a_footer() -> None:
    assert kinds(view(*text(), Row("Draft", HEIGHT - 90, tag="Artifact")))["Draft"] == "footer"
