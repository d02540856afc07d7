"""A block while layout still makes up its mind about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from statistics import median

from quire.document import Block
from quire.geometry import Box
from quire.view import PageView


@dataclass(frozen=True, slots=True)
class Draft:
    """A block, with what tells its kind.

    Attributes:
        block: as it stands. Until the page is done its `lines`, and those of its list items, are indices into
            the view's lines, so that the view's styles are at hand.
        box: around its lines after the page is turned straight, pixels.
        column: around the column or band of the page that it stands in, straight as well.
        rows: its lines row by row, each from the side where reading starts.
        gap_above, gap_below: to the next block in its column, pixels; infinite where there is none.
        bold, italic, mono: of most of its letters, where a PDF says so; False for what was recognised.
        tag: standard structure type of a tagged PDF that most of its lines share, None without.
        centred: whether every row stands in the middle of the column, clear of both its sides.
    """

    block: Block
    box: Box
    column: Box
    rows: tuple[tuple[int, ...], ...]
    gap_above: float = inf
    gap_below: float = inf
    bold: bool = False
    italic: bool = False
    mono: bool = False
    tag: str | None = None
    centred: bool = False


Marker = Callable[[Sequence[Draft], PageView], list[Draft]]
"""Gives drafts their kinds: as many come back, in the same order."""


def body_size(drafts: Sequence[Draft]) -> float | None:
    """The size that most text has, pixels; None where there is none."""
    sizes = [
        draft.block.font_size
        for draft in drafts
        if draft.block.kind in ("paragraph", "list") and draft.block.font_size
        for _ in range(1 + len(draft.block.text) // 40)
    ]
    return median(sizes) if sizes else None
