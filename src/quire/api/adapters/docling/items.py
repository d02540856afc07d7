"""Items of a DoclingDocument, each in the list of its kind and referred to by what it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from quire.api.adapters.docling.places import Json

Kind = Literal["groups", "texts", "pictures", "tables"]

_BODY: Final = "#/body"
_FURNITURE: Final = frozenset({"page_header", "page_footer"})


class Items:
    """Gathers the items of a document.

    Attributes:
        body: references to the items that belong to nothing else, in reading order.
        lists: the items, by their kinds.
    """

    def __init__(self) -> None:
        self.body: list[Json] = []
        self.lists: dict[str, list[Json]] = {"groups": [], "texts": [], "pictures": [], "tables": []}

    def add(self, kind: Kind, label: str, prov: Json, *, parent: str = _BODY) -> Json:
        """A new item, in its list and, unless it is in a group, in the body."""
        item = self._new(kind, label, parent) | {"prov": [prov]}
        self.lists[kind].append(item)
        if parent == _BODY:
            self.body.append(reference(item))
        return item

    def add_group(self, name: str, label: str) -> Json:
        """A new group, which is empty yet."""
        group = self._new("groups", label, _BODY) | {"name": name}
        self.lists["groups"].append(group)
        self.body.append(reference(group))
        return group

    def _new(self, kind: Kind, label: str, parent: str) -> Json:
        return {
            "self_ref": f"#/{kind}/{len(self.lists[kind])}",
            "parent": {"$ref": parent},
            "children": [],
            "content_layer": "furniture" if label in _FURNITURE else "body",
            "label": label,
        }


def reference(item: Json) -> Json:
    """What stands for an item where it is referred to."""
    return {"$ref": item["self_ref"]}


def root(name: str, children: Sequence[Json]) -> Json:
    """The item that all others belong to, by way of others or not."""
    return {
        "self_ref": f"#/{name}",
        "children": [*children],
        "content_layer": name,
        "name": "_root_",
        "label": "unspecified",
    }
