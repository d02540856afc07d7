"""What PP-DocLayoutV3 tells apart, and what that is in a document."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, NamedTuple

from quire.document import BlockKind

_USUAL: Final = 0.5


class RegionClass(NamedTuple):
    """One class of regions.

    Attributes:
        kind: None for classes that say nothing of blocks: formulas inside a line, and whole lists of references,
            whose entries are regions of their own.
        threshold: least score, 0 to 1. As the publishers set them in PP-StructureV3 for the classes of that name.
    """

    kind: BlockKind | None
    threshold: float = _USUAL


CLASSES: Final = MappingProxyType(
    {
        "abstract": RegionClass("paragraph"),
        "algorithm": RegionClass("code"),
        "aside_text": RegionClass("paragraph"),
        "chart": RegionClass("figure"),
        "content": RegionClass("paragraph"),
        "display_formula": RegionClass("formula", 0.3),
        "doc_title": RegionClass("title"),
        "figure_title": RegionClass("caption"),
        "footer": RegionClass("footer"),
        "footer_image": RegionClass("figure"),
        "footnote": RegionClass("footnote"),
        "formula_number": RegionClass("formula"),
        "header": RegionClass("header"),
        "header_image": RegionClass("figure"),
        "image": RegionClass("figure"),
        "inline_formula": RegionClass(None),
        "number": RegionClass("page_number"),
        "paragraph_title": RegionClass("heading", 0.3),
        "reference": RegionClass(None),
        "reference_content": RegionClass("paragraph"),
        "seal": RegionClass("figure", 0.45),
        "table": RegionClass("table"),
        "text": RegionClass("paragraph", 0.4),
        "vertical_text": RegionClass("paragraph", 0.4),
        "vision_footnote": RegionClass("footnote"),
    }
)
"""By the names that the network's file lists."""
