"""A document as `analyzeResult`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from quire.api.adapters.azure.content import Content
from quire.api.adapters.azure.page import PageWriter, Parts
from quire.api.adapters.azure.place import Json, Place
from quire.api.adapters.azure.wish import Wish

LAYOUT: Final = "prebuilt-layout"


def analyze_result(document: Mapping[str, Any], model: str, wish: Wish) -> Json:
    """The text of the document, and everything else with where in that text it stands.

    Args:
        document: `Document.to_dict()`.
        model: prebuilt-read has neither tables nor figures.
    """
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
            for error in document["errors"]
        ],
        "metadata": {"engine": document["engine"]},
    }
    return found | ({"tables": parts.tables, "figures": parts.figures} if model == LAYOUT else {})


def _pages(document: Mapping[str, Any], content: Content, parts: Parts, model: str, wish: Wish) -> list[Json]:
    markdown = wish.output_content_format == "markdown"
    gap = "\n\n<!-- PageBreak -->\n\n" if markdown else "\n"
    pages: list[Json] = []
    for page in document["pages"]:
        content.add(gap if pages else "")
        place = Place(page, document["mime"])
        writer = PageWriter(content, page, place, parts, markdown=markdown, layout=model == LAYOUT)
        pages.append(writer.write())
    return pages


def _languages(document: Mapping[str, Any], pages: list[Json]) -> list[Json]:
    return [
        {"locale": page["language"], "spans": written["spans"], "confidence": page["confidence"]}
        for page, written in zip(document["pages"], pages, strict=True)
    ]
