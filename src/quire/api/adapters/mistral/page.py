"""A page as Mistral tells it. Boxes are pixels of the page as it was read, upright."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from quire.api.adapters.lean import LeanPage
from quire.api.adapters.mistral.scores import Json, block_scores, page_scores
from quire.api.adapters.mistral.wish import OcrWish
from quire.document.escaping import clean, escape_markdown
from quire.geometry import bounds, to_quad

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
_HEAD: Final = frozenset({"header"})
_FOOT: Final = frozenset({"footer", "page_number"})


class PageShape:
    """Tells one page.

    Args:
        names: of the figures that are told of, by their ids in the page.
        first_table: how many tables the pages before have.
    """

    def __init__(self, page: LeanPage, wish: OcrWish, names: Mapping[str, str], first_table: int) -> None:
        self._page = page
        self._wish = wish
        self._names = names
        suffix = "html" if wish.table_format == "html" else "md"
        self._tables = [f"tbl-{first_table + place}.{suffix}" for place in range(len(page.tables))]

    def to_dict(self, pictures: Mapping[str, str]) -> Json:
        """The page.

        Args:
            pictures: data URLs of figures, by their ids.
        """
        page, wish = self._page, self._wish
        told: Json = {
            "index": page.number - 1,
            "markdown": (markdown := self._markdown()),
            "images": [*self._images(pictures)],
            "tables": [*self._apart()],
            "hyperlinks": [link["url"] for link in page.links],
            "header": self._margin(_HEAD) if wish.extract_header else None,
            "footer": self._margin(_FOOT) if wish.extract_footer else None,
            "dimensions": {
                "dpi": round(page.dpi or _UNKNOWN_DPI),
                "height": page.height,
                "width": page.width,
            },
            "blocks": [self._block(block) for block in page.blocks] if wish.include_blocks else None,
        }
        of = wish.confidence_scores_granularity
        return told | {"confidence_scores": page_scores(page, markdown, words=of == "word") if of else None}

    def _markdown(self) -> str:
        """With what the page has at its head and foot, unless these are told apart."""
        head = "" if self._wish.extract_header else self._printed(_HEAD)
        foot = "" if self._wish.extract_footer else self._printed(_FOOT)
        return "\n\n".join(filter(None, (head, self._body(), foot)))

    def _body(self) -> str:
        markdown = self._page.markdown
        if self._wish.table_format is not None:
            for name, table in zip(self._tables, self._page.tables, strict=True):
                markdown = markdown.replace(table["markdown"], f"[{name}]({name})", 1)
        return _FIGURE.sub(self._reference, markdown)

    def _reference(self, found: re.Match[str]) -> str:
        name = self._names.get(found[1])
        return f"![{name}]({name})" if name else ""

    def _images(self, pictures: Mapping[str, str]) -> Iterator[Json]:
        for figure in self._page.figures:
            if figure["id"] in self._names:
                picture = pictures.get(figure["id"])
                yield {"id": self._names[figure["id"]], **_corners(figure["box"], self._page), "image_base64": picture}

    def _apart(self) -> Iterator[Json]:
        kind = self._wish.table_format
        for name, table in zip(self._tables, self._page.tables, strict=True):
            if kind is not None:
                yield {"id": name, "content": table[kind], "format": kind}

    def _margin(self, kinds: frozenset[str]) -> str | None:
        return "\n".join(self._texts(kinds)) or None

    def _printed(self, kinds: frozenset[str]) -> str:
        return "\n\n".join(escape_markdown(" ".join(clean(text).split())) for text in self._texts(kinds))

    def _texts(self, kinds: frozenset[str]) -> Iterator[str]:
        return (block["text"] for block in self._page.blocks if block["kind"] in kinds)

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
            told["confidence_scores"] = block_scores(self._page, block)
        return told

    def _image_id(self, block: Mapping[str, Any]) -> str:
        figure = None if block["figure"] is None else self._page.figures[block["figure"]]["id"]
        return self._names.get(figure or "", "")


def _corners(box: Sequence[Sequence[float]], page: LeanPage) -> Json:
    """Of the part of a box that lies on the page."""
    x0, y0, x1, y1 = bounds([to_quad(box)])
    return {
        "top_left_x": max(0, round(x0)),
        "top_left_y": max(0, round(y0)),
        "bottom_right_x": min(page.width, round(x1)),
        "bottom_right_y": min(page.height, round(y1)),
    }
