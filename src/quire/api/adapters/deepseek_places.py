"""Places on a page as DeepSeek-OCR names them: `<|ref|>text<|/ref|><|det|>[[x0, y0, x1, y1]]<|/det|>`, 0 to 999."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from quire.api.adapters.sent import sent_box, sent_size, whole_pixels
from quire.geometry import Box

Page = Mapping[str, Any]
"""`Page.to_dict()`."""
_LAST: Final = 999


def tagged_lines(page: Page) -> str:
    """Every line of the page with its place."""
    return "\n".join(tagged(page, line["text"], [sent_box(page, line["box"])]) for line in page["lines"])


def tagged_matches(page: Page, wanted: str) -> str:
    """The text that was looked for with all its places on the page; empty where it has none."""
    boxes = [box for match in page["matches"] for box in _boxes(page, match)]
    return tagged(page, wanted, boxes) if boxes else ""


def matches(page: Page) -> Iterator[dict[str, Any]]:
    """Each match with its boxes in pixels of the page as it was sent, one a line."""
    width, height = sent_size(page)
    for match in page["matches"]:
        boxes = [whole_pixels(box) for box in _boxes(page, match)]
        told = {"text": match["text"], "boxes": boxes, "score": match["score"]}
        yield told | {"page_number": page["number"], "width": width, "height": height}


def _boxes(page: Page, match: Mapping[str, Any]) -> list[Box]:
    return [sent_box(page, quad) for quad in match["boxes"]]


def tagged(page: Page, text: str, boxes: Iterable[Box]) -> str:
    """A text, or what kind of thing is there, with its places: pixels of the page as it was sent."""
    sizes = sent_size(page) * 2
    places = [[round(edge * _LAST / size) for edge, size in zip(box, sizes, strict=True)] for box in boxes]
    return f"<|ref|>{unmarked(text)}<|/ref|><|det|>{places}<|/det|>"


def unmarked(text: str) -> str:
    """The text with nothing in it that a client could take for a mark, whose places some of them evaluate."""
    return text.replace("<|", "< |")
