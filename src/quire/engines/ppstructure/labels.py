"""What PP-StructureV3's labels are in a document: those of PP-DocLayout's networks, and what the pipeline adds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from quire.document import BlockKind

_NUMBERED: Final = re.compile(r"(?:\d{1,3}|[A-Z])((?:\.\d{1,3}){0,2})\.?\s")

_KINDS: Final[Mapping[str, BlockKind]] = MappingProxyType(
    {
        "abstract_title": "heading",
        "algorithm": "code",
        "chart": "figure",
        "chart_title": "caption",
        "content_title": "heading",
        "display_formula": "formula",
        "doc_title": "title",
        "figure": "figure",
        "figure_table_chart_title": "caption",
        "figure_title": "caption",
        "flowchart": "figure",
        "footer": "footer",
        "footer_image": "figure",
        "footnote": "footnote",
        "formula": "formula",
        "header": "header",
        "header_image": "figure",
        "image": "figure",
        "inline_formula": "formula",
        "number": "page_number",
        "paragraph_title": "heading",
        "reference_title": "heading",
        "seal": "figure",
        "table": "table",
        "table_title": "caption",
        "vision_footnote": "footnote",
    }
)


def kind_of(label: str) -> BlockKind:
    """The kind of a block; one that is not known is a paragraph."""
    return _KINDS.get(label.lower(), "paragraph")


def heading_level(text: str) -> int:
    """1 to 3, by the depth of the heading's number, as in "2.1 Method"; 1 without one."""
    found = _NUMBERED.match(text)
    return 1 + found[1].count(".") if found else 1
