"""A page as Mistral tells it. Boxes are pixels of the page as it was read, upright."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from quire.api.adapters.mistral.wish import OcrWish
from quire.geometry import bounds, to_quad

Json = dict[str, Any]

_UNKNOWN_DPI: Final = 72
_FIGURE: Final = re.compile(r"!\[Figure\]\((p\d+-f\d+)\.png\)")
_KINDS: Final = {
    "title": "title",
    "heading": "title",
    "list": "list",
    "table": "table",
    "figure": "image",
    "caption": "caption",
    "header": "header",
    "footer": "footer",
    "page_number": "footer",
    "footnote": "references",
    "formula": "equation",
    "code": "code",
}
_AHEAD: Final = 5000
"""Characters in which the next word is looked for."""
_FOOT: Final = frozenset({"footer", "page_number"})


class PageShape:
    """Tells one page.

    Args:
        page: `Page.to_dict()`.
        names: of the figures that are told of, by their ids in the page.
        first_table: how many tables the pages before have.
    """

    def __init__(self, page: Mapping[str, Any], wish: OcrWish, names: Mapping[str, str], first_table: int) -> None:
        self._page = page
        self._wish = wish
        self._names = names
        suffix = "html" if wish.table_format == "html" else "md"
        self._tables = [f"tbl-{first_table + place}.{suffix}" for place in range(len(page["tables"]))]

    def to_dict(self, pictures: Mapping[str, str]) -> Json:
        """The page.

        Args:
            pictures: data URLs of figures, by their ids.
        """
        page, wish = self._page, self._wish
        told: Json = {
            "index": page["number"] - 1,
            "markdown": (markdown := self._markdown()),
            "images": [*self._images(pictures)],
            "tables": [*self._apart()],
            "hyperlinks": [link["url"] for link in page["links"]],
            "header": self._margin({"header"}) if wish.extract_header else None,
            "footer": self._margin(_FOOT) if wish.extract_footer else None,
            "dimensions": {
                "dpi": round(page["dpi"] or _UNKNOWN_DPI),
                "height": page["height"],
                "width": page["width"],
            },
            "blocks": [self._block(block) for block in page["blocks"]] if wish.include_blocks else None,
        }
        scores = self._scores(markdown) if wish.confidence_scores_granularity else None
        return told | {"confidence_scores": scores}

    def _markdown(self) -> str:
        markdown: str = self._page["markdown"]
        if self._wish.table_format is not None:
            for name, table in zip(self._tables, self._page["tables"], strict=True):
                markdown = markdown.replace(table["markdown"], f"[{name}]({name})", 1)
        return _FIGURE.sub(self._reference, markdown)

    def _reference(self, found: re.Match[str]) -> str:
        name = self._names.get(found[1])
        return f"![{name}]({name})" if name else ""

    def _images(self, pictures: Mapping[str, str]) -> Iterator[Json]:
        for figure in self._page["figures"]:
            if figure["id"] in self._names:
                picture = pictures.get(figure["id"])
                yield {"id": self._names[figure["id"]], **_corners(figure["box"], self._page), "image_base64": picture}

    def _apart(self) -> Iterator[Json]:
        kind = self._wish.table_format
        for name, table in zip(self._tables, self._page["tables"], strict=True):
            if kind is not None:
                yield {"id": name, "content": table[kind], "format": kind}

    def _margin(self, kinds: frozenset[str] | set[str]) -> str | None:
        return "\n".join(block["text"] for block in self._page["blocks"] if block["kind"] in kinds) or None

    def _block(self, block: Mapping[str, Any]) -> Json:
        told = {
            "type": _KINDS.get(block["kind"], "text"),
            "content": block["text"],
            **_corners(block["box"], self._page),
        }
        if block["kind"] == "table" and block["table"] is not None and self._wish.table_format is not None:
            told["table_id"] = self._tables[block["table"]]
        if told["type"] == "image":
            told["image_id"] = self._image_id(block)
        if self._wish.confidence_scores_granularity == "block":
            scores = [self._page["lines"][index]["confidence"] for index in block["lines"]]
            told["confidence_scores"] = _summary(scores, "content") if scores else None
        return told

    def _image_id(self, block: Mapping[str, Any]) -> str:
        figure = None if block["figure"] is None else self._page["figures"][block["figure"]]["id"]
        return self._names.get(figure or "", "")

    def _scores(self, markdown: str) -> Json:
        lines = self._page["lines"]
        if self._wish.confidence_scores_granularity != "word":
            return _summary([line["confidence"] for line in lines] or [1.0], "page")
        words = [word for line in lines for word in line["words"] or [line]]
        told = _summary([word["confidence"] for word in words] or [1.0], "page")
        return told | {"word_confidence_scores": [*_placed(words, markdown)]}


def _summary(scores: Sequence[float], of: str) -> Json:
    return {
        f"average_{of}_confidence_score": round(sum(scores) / len(scores), 4),
        f"minimum_{of}_confidence_score": min(scores),
    }


def _placed(words: Sequence[Mapping[str, Any]], markdown: str) -> Iterator[Json]:
    """The words that stand in the Markdown as they are, with where they begin."""
    seen = 0
    for word in words:
        start = markdown.find(word["text"], seen, seen + len(word["text"]) + _AHEAD)
        if start >= 0:
            seen = start + len(word["text"])
            yield {"text": word["text"], "confidence": word["confidence"], "start_index": start}


def _corners(box: Sequence[Sequence[float]], page: Mapping[str, Any]) -> Json:
    """Of the part of a box that lies on the page."""
    x0, y0, x1, y1 = bounds([to_quad(box)])
    return {
        "top_left_x": max(0, round(x0)),
        "top_left_y": max(0, round(y0)),
        "bottom_right_x": min(page["width"], round(x1)),
        "bottom_right_y": min(page["height"], round(y1)),
    }
