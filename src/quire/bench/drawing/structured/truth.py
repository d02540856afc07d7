"""What a drawn document really says: its blocks in reading order, and the text of its body page by page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Final

from quire.document import BlockKind

ASIDE: Final = frozenset({"header", "footer", "page_number", "footnote", "figure"})
"""Kinds that are no part of the body: printed around it, or inside pictures."""


@dataclass(frozen=True, slots=True)
class TrueBlock:
    """One block.

    Attributes:
        page: on which it starts, from 1.
        text: as it reads on; items of a list and rows of a table each on a row of their own.
        level: 1 to 3 for headings.
        html: of a table, or of the part of it on this page.
    """

    kind: BlockKind
    page: int
    text: str
    level: int | None = None
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a block that stands in one place; `joins` when its last word goes on in the next piece."""

    block: int
    page: int
    text: str
    joins: bool = False


@dataclass(frozen=True, slots=True)
class StructuredTruth:
    """The truth of one document.

    Attributes:
        template: which it was drawn from.
        pieces: in reading order, of all blocks.
    """

    template: str
    pages: int
    blocks: tuple[TrueBlock, ...]
    pieces: tuple[Piece, ...]

    @property
    def body(self) -> str:
        """The body's text in reading order, a form feed between pages."""
        kept = [piece for piece in self.pieces if self.blocks[piece.block].kind not in ASIDE]
        by_page = {page: _text(group) for page, group in groupby(kept, key=lambda piece: piece.page)}
        return "\f".join(by_page.get(page, "") for page in range(1, self.pages + 1))

    @property
    def tables(self) -> tuple[str, ...]:
        """HTML of all tables; one that goes on over pages is one a page."""
        return tuple(block.html for block in self.blocks if block.html is not None)

    def to_dict(self) -> dict[str, Any]:
        return {
            "template": self.template,
            "pages": self.pages,
            "blocks": [asdict(block) for block in self.blocks],
            "tables": list(self.tables),
            "body": self.body,
        }


def _text(pieces: Iterable[Piece]) -> str:
    text, before = "", None
    for piece in pieces:
        same = before is not None and before.block == piece.block
        between = "" if before is None or (same and before.joins) else " " if same else "\n"
        text += between + piece.text
        before = piece
    return text
