"""Text, JSON and NDJSON of a document."""

from __future__ import annotations

import json

import pytest
from small_documents import block, document, page

from quire.document import Document, PageFailure
from quire.errors import InvalidOption, Overloaded
from quire.exports import EXPORTS, export
from quire.exports.ndjson import failure_line, lines

TWO_PAGES = document(
    page(block("title", "Report"), block("paragraph", "one\ntwo")),
    page(block("paragraph", "three"), number=3),
    errors=(PageFailure(2, "page_damaged", "page 2 cannot be decoded"),),
)


def test_text_separates_blocks_by_an_empty_line_and_pages_by_a_form_feed() -> None:
    assert export("text").encode(TWO_PAGES).decode() == "Report\n\none\ntwo\n\fthree\n"


def test_text_drops_terminal_escapes_and_false_form_feeds() -> None:
    hostile = document(page(block("paragraph", "a\x1b[31mb\x9b\x00c\fd\te")))

    assert export("text").encode(hostile).decode() == "a[31mbc d\te\n"


def test_json_is_the_document_and_reads_back() -> None:
    value = json.loads(export("json").encode(TWO_PAGES).decode())

    assert value["partial"] is True
    assert Document.from_dict(value) == TWO_PAGES


def test_ndjson_tells_head_then_pages_and_errors_in_page_order_then_counts() -> None:
    rows = [json.loads(row) for row in export("ndjson").encode(TWO_PAGES).decode().splitlines()]

    assert [next(iter(row)) for row in rows] == ["document", "page", "error", "page", "done"]
    assert rows[0]["document"]["name"] == "scan.pdf"
    assert rows[2]["error"]["page"] == 2
    assert rows[4]["done"] == {"pages": 2, "errors": 1, "partial": True}


def test_ndjson_asks_for_a_page_only_when_its_line_is_wanted() -> None:
    asked = []

    def pages():
        for number in (1, 2):
            asked.append(number)
            yield page(number=number)

    rows = lines(TWO_PAGES, pages())
    next(rows)
    next(rows)

    assert asked == [1]


def test_a_stream_that_fails_ends_with_an_error_of_no_page() -> None:
    row = json.loads(failure_line(Overloaded("try again")))

    assert row == {"error": {"page": None, "code": "overloaded", "detail": "try again"}}


@pytest.mark.parametrize("name", [name for name, found in EXPORTS.items() if found.write and not found.binary])
def test_half_a_surrogate_pair_does_not_break_the_encoding(name: str) -> None:
    broken = document(page(block("paragraph", "a\ud800b")))

    export(name).encode(broken).decode()


def test_a_format_that_shows_the_document_itself_says_that_it_needs_it() -> None:
    with pytest.raises(InvalidOption, match="choose another format"):
        export("pdf").encode(TWO_PAGES)


def test_the_first_of_two_formats_with_a_media_type_is_its() -> None:
    names = {found.mime: name for name, found in reversed([*EXPORTS.items()])}

    assert (names["text/plain"], names["application/json"]) == ("text", "json")


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidOption, match="text, json, markdown, ndjson"):
        export("docx")
