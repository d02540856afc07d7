"""A document in the form of DoclingDocument, version 1.3.0, as docling-core reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from quire.api.adapters.docling.items import Items, reference, root
from quire.api.adapters.docling.places import POINTS, Json, Places
from quire.api.adapters.docling.tables import table_data
from quire.document import Block, Document, Figure, Page, Table
from quire.geometry import bounds

_VERSION: Final = "1.3.0"
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
_FLOATING: Final[Json] = {"captions": [], "references": [], "footnotes": []}


def docling_document(document: Document, pictures: Mapping[str, str]) -> Json:
    """The document.

    Args:
        pictures: data URLs of figures, by their ids.
    """
    items = Items()
    pages: Json = {}
    for page in document.pages:
        writer = _PageWriter(items, page, document.mime, pictures)
        writer.write()
        pages[str(page.number)] = {"size": writer.places.size(), "page_no": page.number}
    return {
        "schema_name": "DoclingDocument",
        "version": _VERSION,
        "name": document.name.rpartition(".")[0] or document.name,
        "origin": {
            "mimetype": document.mime,
            "binary_hash": int(document.sha256[:_HASH_DIGITS], 16),
            "filename": document.name,
        },
        "furniture": root("furniture", []),
        "body": root("body", items.body),
        **items.lists,
        "key_value_items": [],
        "form_items": [],
        "pages": pages,
    }


class _PageWriter:
    """Makes items of the blocks of one page."""

    def __init__(self, items: Items, page: Page, mime: str, pictures: Mapping[str, str]) -> None:
        self._items = items
        self._page = page
        self._pictures = pictures
        self.places = Places(page, mime)

    def write(self) -> None:
        page = self._page
        captions: dict[str, Json] = {}
        floating: list[tuple[str | None, Json]] = []
        for block in page.blocks:
            if block.kind == "table" and block.table is not None:
                table = page.tables[block.table]
                floating.append((table.caption, self._table(block, table)))
            elif block.kind == "figure" and block.figure is not None:
                figure = page.figures[block.figure]
                floating.append((figure.caption, self._figure(block, figure)))
            elif block.kind == "list" and block.items:
                self._list(block)
            else:
                item = self._text(block)
                captions |= {block.text: reference(item)} if block.kind == "caption" else {}
        for caption, item in floating:
            if caption in captions:
                item["captions"] = [captions[caption]]

    def _text(self, block: Block) -> Json:
        label = _LABELS.get(block.kind, "text")
        item = self._items.add("texts", label, self.places.prov(block.box, block.text))
        item |= {"orig": block.text, "text": block.text}
        if label == "section_header":
            item["level"] = block.level or 1
        if label == "code":
            item |= _FLOATING | {"code_language": "unknown"}
        return item

    def _list(self, block: Block) -> None:
        ordered = all(entry.ordered for entry in block.items)
        group = self._items.add_group("list", "ordered_list" if ordered else "list")
        for entry in block.items:
            prov = self.places.prov(self.places.around(entry.lines, block.box), entry.text)
            item = self._items.add("texts", "list_item", prov, parent=group["self_ref"])
            item |= {"orig": f"{entry.marker} {entry.text}".strip(), "text": entry.text}
            item |= {"enumerated": entry.ordered, "marker": entry.marker or "-"}
            group["children"].append(reference(item))

    def _table(self, block: Block, table: Table) -> Json:
        item = self._items.add("tables", "table", self.places.prov(block.box, block.text))
        item |= _FLOATING | {"data": table_data(table, self.places.box), "annotations": []}
        return item

    def _figure(self, block: Block, figure: Figure) -> Json:
        item = self._items.add("pictures", "picture", self.places.prov(block.box, ""))
        item |= _FLOATING | {"annotations": []}
        if figure.id in self._pictures:
            box = bounds([figure.box])
            item["image"] = {
                "mimetype": "image/png",
                "dpi": round(self._page.dpi or POINTS),
                "size": {"width": box.width, "height": box.height},
                "uri": self._pictures[figure.id],
            }
        return item
