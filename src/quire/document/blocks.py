"""Lines that belong together, and what they are on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from quire.geometry import Quad

BlockKind = Literal[
    "title", "heading", "paragraph", "list", "table", "figure", "caption",
    "header", "footer", "page_number", "footnote", "formula", "code",
]  # fmt: skip
Direction = Literal["ltr", "rtl", "ttb"]


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item of a list.

    Attributes:
        text: without the marker; a line break inside it is a newline.
        level: how deep it is nested, 1 for the outermost.
        marker: as printed: "•", "3.", "(a)".
        ordered: whether the marker counts.
        lines: indices into the page's lines.
    """

    text: str
    level: int
    marker: str
    ordered: bool
    lines: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "level": self.level,
            "marker": self.marker,
            "ordered": self.ordered,
            "lines": list(self.lines),
        }


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together. `lines` are indices into the page's lines, in reading order.

    Attributes:
        text: as it reads on: lines that only the margin broke are joined, hyphens at their ends undone. A line
            break that was meant is a newline.
        level: 1 to 3 for headings, nothing for all else.
        items: of a list.
        table, figure: index into the page's tables or figures, for blocks of that kind.
        font_size: height of its letters' em square in pixels; measured where the PDF says it, else estimated.
        continues: whether it goes on from the block of its kind before it, in the column or on the page before.
        direction: in which its lines run: "ttb" is vertical writing, columns from right to left.
    """

    kind: BlockKind
    box: Quad
    text: str
    lines: tuple[int, ...]
    level: int | None = None
    items: tuple[ListItem, ...] = ()
    table: int | None = None
    figure: int | None = None
    font_size: float | None = None
    continues: bool = False
    direction: Direction = "ltr"

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "level": self.level,
            "box": self.box,
            "text": self.text,
            "lines": list(self.lines),
            "items": [item.to_dict() for item in self.items],
            "table": self.table,
            "figure": self.figure,
            "font_size": None if self.font_size is None else round(self.font_size, 1),
            "continues": self.continues,
            "direction": self.direction,
        }
