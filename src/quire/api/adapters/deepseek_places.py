"""Places on a page as DeepSeek-OCR names them: `<|ref|>text<|/ref|><|det|>[[x0, y0, x1, y1]]<|/det|>`, 0 to 999."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from quire.api.adapters.sent import sent_box, sent_size, whole_pixels
from quire.geometry import Box

Page = Mapping[str, Any]
"""`Page.to_dict()`."""
_LAST: Final = 999


def tagged_lines(page: Page) -> str:
    """Every line of the page with its place."""
    return "\n".join(tagged(page, line["text"], [sent_box(page, line["box"])]) for line in page["lines"])


def located(page: Page, wanted: str) -> tuple[str, list[dict[str, Any]]]:
    """A text with all places on the page where it was found, empty without any; and each match for itself.

    Boxes of matches are in pixels of the page as it was sent, one a line.
    """
    width, height = sent_size(page)
    found = [(match, [sent_box(page, quad) for quad in match["boxes"]]) for match in page["matches"]]
    boxes = [box for _, own in found for box in own]
    matches = [
        {
            "text": match["text"],
            "boxes": [whole_pixels(box) for box in own],
            "score": match["score"],
            "page_number": page["number"],
            "width": width,
            "height": height,
        }
        for match, own in found
    ]
    return tagged(page, wanted, boxes) if boxes else "", matches


def tagged(page: Page, text: str, boxes: Iterable[Box]) -> str:
    """A text, or what kind of thing is there, with its places: pixels of the page as it was sent."""
    sizes = sent_size(page) * 2
    places = [[round(edge * _LAST / size) for edge, size in zip(box, sizes, strict=True)] for box in boxes]
    return f"<|ref|>{unmarked(text)}<|/ref|><|det|>{places}<|/det|>"


def unmarked(text: str) -> str:
    """The text with nothing in it that a client could take for a mark, whose places some of them evaluate."""
    return text.replace("<|", "< |")
