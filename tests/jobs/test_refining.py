"""Pages that are JSON already, put together to a document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from quire.document import Block, Document, Line, Page, Word
from quire.exports import utf8
from quire.geometry import Box
from quire.jobs.answers import to_document, to_json
from quire.jobs.refining import refined_json
from quire.layout import refine

LINE = Box(100, 800, 900, 830).quad


@dataclass
class Row:
    content: bytes
    failed: bool = False


def page(number: int, *texts: str) -> Page:
    lines = tuple(Line(text, LINE, 0.9, (Word(text, LINE, 0.9),)) for text in texts)
    blocks = tuple(
        Block("paragraph", Box(100, y, 900, y + 30).quad, text, (place,), font_size=20.0)
        for place, (text, y) in enumerate(zip(texts, (40, 800, 900), strict=False))
    )
    return Page(number, 1000, 1400, 150.0, 0, 0.0, "ocr", "ppocr", "en", lines, blocks)


PAGES = (page(1, "A history", "It went on and"), page(2, "A history", "on for years."), page(3, "Alone", "It ended."))
DOCUMENT = Document("book.pdf", "application/pdf", "0" * 64, 3, "ppocr", PAGES)
CONTENTS = [utf8(json.dumps(page.to_dict(), ensure_ascii=False)) for page in PAGES]


def test_the_answer_is_the_refined_document() -> None:
    answer: dict[str, Any] = json.loads(to_json(DOCUMENT.head(), map(Row, CONTENTS)))
    assert answer == json.loads(refine(DOCUMENT).to_json())
    assert [block["kind"] for block in answer["pages"][1]["blocks"]] == ["header", "paragraph"]
    assert answer["pages"][1]["blocks"][1]["continues"] is True


def test_exports_get_the_refined_document() -> None:
    assert to_document(DOCUMENT.head(), map(Row, CONTENTS)) == refine(DOCUMENT)


def test_a_page_that_nothing_changes_keeps_its_bytes() -> None:
    assert refined_json(DOCUMENT.head(), CONTENTS)[2] is CONTENTS[2]


def test_a_page_alone_is_not_parsed() -> None:
    assert refined_json(DOCUMENT.head(), [b"{anything}"]) == [b"{anything}"]
