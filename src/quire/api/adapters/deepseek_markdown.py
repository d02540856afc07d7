"""A page as Markdown as DeepSeek-OCR writes it: tables in HTML, places as marks.

Its clients cut pictures out of the page by their marks, and read tables out of the HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from quire.api.adapters.deepseek_places import Page, tagged, unmarked
from quire.api.adapters.dots_elements import MARGINALIA, elements
from quire.api.adapters.sent import sent_box
from quire.geometry import Box

_LABELS: Final = {
    "Title": "title",
    "Section-header": "sub_title",
    "Table": "table",
    "Picture": "image",
    "Caption": "image_caption",
    "Formula": "equation",
}
_GROUPS: Final = re.compile(r"</?t(?:head|body)>")
_HEADER_CELL: Final = re.compile(r"(?<=<)(/?)th\b")


def illustrated(page: Page) -> str:
    """The page's Markdown, with a mark where a picture is, and tables of plain cells."""
    text = unmarked(page["markdown"])
    for figure in page["figures"]:
        text = text.replace(f"![Figure]({figure['id']}.png)", tagged(page, "image", [sent_box(page, figure["box"])]))
    for table in page["tables"]:
        if table["markdown"]:
            text = text.replace(unmarked(table["markdown"]), _plain_cells(table["html"]), 1)
    return text


def grounded(page: Page) -> str:
    """Every block of the text under a mark of its kind and place."""
    return "\n\n".join(_blocks(page))


def _blocks(page: Page) -> Iterator[str]:
    for element in elements(page):
        if element["category"] not in MARGINALIA:
            label = _LABELS.get(element["category"], "text")
            yield f"{tagged(page, label, [Box(*element['bbox'])])}\n{_text(element)}".rstrip()


def _text(element: dict[str, Any]) -> str:
    text = unmarked(element.get("text", ""))
    if element["category"] == "Table":
        return _plain_cells(text)
    return f"\\[ {text} \\]" if element["category"] == "Formula" else text


def _plain_cells(html: str) -> str:
    """A table whose headings are cells like others, as the model has it."""
    return _HEADER_CELL.sub(r"\1td", _GROUPS.sub("", html))
