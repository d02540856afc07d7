"""A document in the form of DoclingDocument, version 1.3.0, as docling-core reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from quire.api.adapters.docling.tables import table_data
from quire.document import Block, Document, Page
from quire.geometry import Quad, bounds

Json = dict[str, Any]

_VERSION: Final = "1.3.0"
_PDF: Final = "application/pdf"
_POINTS: Final = 72.0
_HASH_DIGITS: Final = 16
_LABELS: Final = {
    "title": "title",
    "heading": "section_header",
    "caption": "caption",
    "header": "page_header",
    "footer": "page_footer",
    "page_number": "page_footer",
    "footnote": "footnote",
    "formula": "formula",
    "code": "code",
}
_FURNITURE: Final = frozenset({"page_header", "page_footer"})
_FLOATING: Final[Json] = {"captions": [], "references": [], "footnotes": []}
_BODY: Final = "#/body"


def docling_document(document: Document, pictures: Mapping[str, str]) -> Json:
    """The document.

    Args:
        pictures: data URLs of figures, by their ids.
    """
    writer = _Writer(document.mime, pictures)
    for page in document.pages:
        writer.add(page)
    return {
        "schema_name": "DoclingDocument",
        "version": _VERSION,
        "name": document.name.rpartition(".")[0] or document.name,
        "origin": {
            "mimetype": document.mime,
            "binary_hash": int(document.sha256[:_HASH_DIGITS], 16),
            "filename": document.name,
        },
        "furniture": _root("furniture", []),
        "body": _root("body", writer.body),
        "groups": writer.groups,
        "texts": writer.texts,
        "pictures": writer.figures,
        "tables": writer.tables,
        "key_value_items": [],
        "form_items": [],
        "pages": writer.pages,
    }


def _root(name: str, children: Sequence[Json]) -> Json:
    return {
        "self_ref": f"#/{name}",
        "children": [*children],
        "content_layer": name,
        "name": "_root_",
        "label": "unspecified",
    }


class _Writer:
    """Gathers the items of a document."""

    def __init__(self, mime: str, pictures: Mapping[str, str]) -> None:
        self._mime = mime
        self._images = pictures
        self.body: list[Json] = []
        self.groups: list[Json] = []
        self.texts: list[Json] = []
        self.tables: list[Json] = []
        self.figures: list[Json] = []
        self.pages: dict[str, Json] = {}

    def add(self, page: Page) -> None:
        scale = self._scale(page)
        size = {"width": page.width * scale, "height": page.height * scale}
        self.pages[str(page.number)] = {"size": size, "page_no": page.number}
        captions: dict[str, Json] = {}
        floating: list[tuple[str | None, Json]] = []
        for block in page.blocks:
            if block.kind == "table" and block.table is not None:
                floating.append((page.tables[block.table].caption, self._table(page, block, block.table)))
            elif block.kind == "figure" and block.figure is not None:
                floating.append((page.figures[block.figure].caption, self._figure(page, block, block.figure)))
            elif block.kind == "list" and block.items:
                self._list(page, block)
            else:
                item = self._text(page, block)
                captions |= {block.text: {"$ref": item["self_ref"]}} if block.kind == "caption" else {}
        for caption, item in floating:
            if caption in captions:
                item["captions"] = [captions[caption]]

    def _text(self, page: Page, block: Block) -> Json:
        label = _LABELS.get(block.kind, "text")
        item = self._item(self.texts, "texts", label, self._prov(page, block.box, block.text))
        item |= {"orig": block.text, "text": block.text}
        if label == "section_header":
            item["level"] = block.level or 1
        if label == "code":
            item |= _FLOATING | {"code_language": "unknown"}
        return item

    def _list(self, page: Page, block: Block) -> None:
        ref = f"#/groups/{len(self.groups)}"
        children: list[Json] = []
        for entry in block.items:
            prov = self._prov(page, _around(page, entry.lines, block.box), entry.text)
            item = self._item(self.texts, "texts", "list_item", prov, parent=ref)
            item |= {"orig": f"{entry.marker} {entry.text}".strip(), "text": entry.text}
            item |= {"enumerated": entry.ordered, "marker": entry.marker or "-"}
            children.append({"$ref": item["self_ref"]})
        kind = "ordered_list" if all(entry.ordered for entry in block.items) else "list"
        self._refer(ref, _BODY)
        self.groups.append(
            {
                "self_ref": ref,
                "parent": {"$ref": _BODY},
                "children": children,
                "content_layer": "body",
                "name": "list",
                "label": kind,
            }
        )

    def _table(self, page: Page, block: Block, index: int) -> Json:
        item = self._item(self.tables, "tables", "table", self._prov(page, block.box, block.text))
        data = table_data(page.tables[index], lambda quad: self._box(page, quad))
        item |= _FLOATING | {"data": data, "annotations": []}
        return item

    def _figure(self, page: Page, block: Block, index: int) -> Json:
        figure = page.figures[index]
        item = self._item(self.figures, "pictures", "picture", self._prov(page, block.box, ""))
        item |= _FLOATING | {"annotations": []}
        if figure.id in self._images:
            box = bounds([figure.box])
            item["image"] = {
                "mimetype": "image/png",
                "dpi": round(page.dpi or _POINTS),
                "size": {"width": box.width, "height": box.height},
                "uri": self._images[figure.id],
            }
        return item

    def _item(self, items: list[Json], kind: str, label: str, prov: Json, *, parent: str = _BODY) -> Json:
        """A new item, in its list and, unless it is in a group, in the body."""
        item: Json = {
            "self_ref": f"#/{kind}/{len(items)}",
            "parent": {"$ref": parent},
            "children": [],
            "content_layer": "furniture" if label in _FURNITURE else "body",
            "label": label,
            "prov": [prov],
        }
        items.append(item)
        self._refer(item["self_ref"], parent)
        return item

    def _refer(self, ref: str, parent: str) -> None:
        if parent == _BODY:
            self.body.append({"$ref": ref})

    # ---- places

    def _scale(self, page: Page) -> float:
        """Units of the document's pages, points in a PDF and pixels in an image, for a pixel of the page."""
        return _POINTS / page.dpi if self._mime == _PDF and page.dpi else 1.0

    def _prov(self, page: Page, quad: Quad, text: str) -> Json:
        return {"page_no": page.number, "bbox": self._box(page, quad), "charspan": [0, len(text)]}

    def _box(self, page: Page, quad: Quad) -> Json:
        """Measured from the page's bottom left corner, upwards."""
        scale, box = self._scale(page), bounds([quad])
        edges = {"l": box.x0, "t": page.height - box.y0, "r": box.x1, "b": page.height - box.y1}
        return {name: round(edge * scale, 3) for name, edge in edges.items()} | {"coord_origin": "BOTTOMLEFT"}


def _around(page: Page, lines: Sequence[int], otherwise: Quad) -> Quad:
    return bounds([page.lines[index].box for index in lines]).quad if lines else otherwise
