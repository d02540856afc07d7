"""Blocks of a page as dots.ocr names them: `{"bbox": [x0, y0, x1, y1], "category", "text"}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from quire.api.adapters.sent import Points, sent_box, whole_pixels
from quire.document.escaping import clean, escape_markdown
from quire.geometry import Box

Page = Mapping[str, Any]
"""`Page.to_dict()`."""
Element = dict[str, Any]

_CATEGORIES: Final = {
    "title": "Title",
    "heading": "Section-header",
    "paragraph": "Text",
    "list": "List-item",
    "table": "Table",
    "figure": "Picture",
    "caption": "Caption",
    "header": "Page-header",
    "footer": "Page-footer",
    "page_number": "Page-footer",
    "footnote": "Footnote",
    "formula": "Formula",
    "code": "Text",
}
MARGINALIA: Final = frozenset({"Page-header", "Page-footer"})
"""Categories that are no part of the text."""


def elements(page: Page) -> Iterator[Element]:
    """The blocks in reading order, boxes in pixels of the image as it was sent. A list is an element for each item.

    Text is Markdown, that of a table HTML, that of a formula LaTeX; a picture has none.
    """
    for block in page["blocks"]:
        if block["items"] and all(item["lines"] for item in block["items"]):
            yield from _items(page, block)
        else:
            yield _element(page, _category(page, block), _text(page, block), block["box"])


def inside(page: Page, area: Box) -> str:
    """What stands inside an area of the image as it was sent, line by line: whole words, by their middles."""
    parts = (_part(page, line, area) for line in page["lines"])
    return "\n".join(filter(None, parts))


def _element(page: Page, category: str, text: str | None, *quads: Points) -> Element:
    found: Element = {"bbox": whole_pixels(sent_box(page, *quads)), "category": category}
    return found if text is None else found | {"text": text}


def _items(page: Page, block: Mapping[str, Any]) -> Iterator[Element]:
    for item in block["items"]:
        quads = [page["lines"][index]["box"] for index in item["lines"]]
        marker = f"{item['marker']} " if item["ordered"] else "- "
        yield _element(page, "List-item", marker + _markdown(item["text"]), *quads)


def _category(page: Page, block: Mapping[str, Any]) -> str:
    """Page numbers have no category of their own: they are part of the header or of the footer."""
    if block["kind"] == "page_number" and max(y for _, y in block["box"]) < page["height"] / 2:
        return "Page-header"
    return _CATEGORIES[block["kind"]]


def _text(page: Page, block: Mapping[str, Any]) -> str | None:
    kind = block["kind"]
    if kind == "figure":
        return None
    if kind == "table" and block["table"] is not None:
        html: str = page["tables"][block["table"]]["html"]
        return html
    if kind in ("formula", "code"):
        return clean(block["text"]).strip("$ \n")
    depth = {"title": 1, "heading": 1 + (block["level"] or 1)}.get(kind, 0)
    return f"{'#' * depth} {_markdown(block['text'])}" if depth else _markdown(block["text"])


def _markdown(text: str) -> str:
    return "\n".join(map(escape_markdown, clean(text).splitlines()))


def _part(page: Page, line: Mapping[str, Any], area: Box) -> str:
    """The line from its first word inside the area to its last."""
    spans = []
    end = 0
    for word in line["words"]:
        start = max(end, line["text"].find(word["text"], end))
        end = start + len(word["text"])
        if _holds(area, sent_box(page, word["box"])):
            spans.append((start, end))
    return line["text"][spans[0][0] : spans[-1][1]] if spans else ""


def _holds(area: Box, box: Box) -> bool:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return area.x0 <= x <= area.x1 and area.y0 <= y <= area.y1
