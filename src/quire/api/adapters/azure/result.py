"""A document as `analyzeResult`."""

from __future__ import annotations

from typing import Final

import msgspec

from quire.api.adapters.azure.content import Content
from quire.api.adapters.azure.page import PageWriter, Parts
from quire.api.adapters.azure.place import Json, Place
from quire.api.adapters.azure.wish import Wish
from quire.api.adapters.lean import LeanDocument, lean

LAYOUT: Final = "prebuilt-layout"


def analyze_result(document: bytes, model: str, wish: Wish) -> bytes:
    """JSON of the text of the document, and of everything else with where in that text it stands.

    Args:
        document: what `format=json` answers.
        model: prebuilt-read has neither tables nor figures.
    """
    return msgspec.json.encode(_analyzed(lean(document), model, wish))


def _analyzed(document: LeanDocument, model: str, wish: Wish) -> Json:
    content, parts = Content(), Parts()
    pages = _pages(document, content, parts, model, wish)
    content.count_in(wish.string_index_type)
    found: Json = {
        "apiVersion": wish.api_version,
        "modelId": model,
        "stringIndexType": wish.string_index_type,
        "contentFormat": wish.output_content_format,
        "content": content.text,
        "pages": pages,
        "paragraphs": parts.paragraphs,
        "styles": [],
        "languages": _languages(document, pages) if wish.languages else [],
        "warnings": [
            {"code": error["code"], "message": error["detail"], "target": f"page {error['page']}"}
            for error in document.errors
        ],
        "metadata": {"engine": document.engine},
    }
    return found | ({"tables": parts.tables, "figures": parts.figures} if model == LAYOUT else {})


def _pages(document: LeanDocument, content: Content, parts: Parts, model: str, wish: Wish) -> list[Json]:
    markdown = wish.output_content_format == "markdown"
    gap = "\n\n<!-- PageBreak -->\n\n" if markdown else "\n"
    pages: list[Json] = []
    for page in document.pages:
        content.add(gap if pages else "")
        place = Place(page, document.mime)
        writer = PageWriter(content, page, place, parts, markdown=markdown, layout=model == LAYOUT)
        pages.append(writer.write())
    return pages


def _languages(document: LeanDocument, pages: list[Json]) -> list[Json]:
    return [
        {"locale": page.language, "spans": written["spans"], "confidence": page.confidence}
        for page, written in zip(document.pages, pages, strict=True)
    ]
