"""Items that a model names one by one → lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from quire.engines.vlm.parsing.pieces import Item, Piece
from quire.geometry import Box, bounds

# Share of the page's width by which a deeper item is set in, at the least.
_LEVEL_STEP: Final = 0.012
_MAX_LEVELS: Final = 6


def with_lists(pieces: Sequence[Piece], width: int) -> list[Piece]:
    """Items that follow one another as one list, deeper ones by how far they are set in."""
    result: list[Piece] = []
    edges: list[float] = []
    for piece in pieces:
        if piece.kind != "list":
            result.append(piece)
            edges = []
            continue
        edges, level = _level(edges, piece.box, _LEVEL_STEP * width)
        items = tuple(replace(item, level=min(_MAX_LEVELS, item.level + level - 1)) for item in piece.items)
        if result and result[-1].kind == "list":
            result[-1] = _appended(result[-1], items, piece.box)
        else:
            result.append(replace(piece, items=items))
    return [replace(piece, text=_list_text(piece.items)) if piece.kind == "list" else piece for piece in result]


def _level(edges: list[float], box: Box | None, step: float) -> tuple[list[float], int]:
    if box is None:
        return edges, max(1, len(edges))
    edges = [edge for edge in edges if edge < box.x0 + step]
    if not edges or box.x0 - edges[-1] > step:
        edges = [*edges, box.x0][-_MAX_LEVELS:]
    return edges, len(edges)


def _appended(whole: Piece, items: tuple[Item, ...], box: Box | None) -> Piece:
    boxes = [one.quad for one in (whole.box, box) if one is not None]
    return replace(whole, items=whole.items + items, box=bounds(boxes) if boxes else None)


def _list_text(items: Sequence[Item]) -> str:
    return "\n".join(f"{item.marker} {item.text}".strip() for item in items)
