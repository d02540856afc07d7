"""Elements of dots.ocr → pieces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from quire.document import BlockKind
from quire.engines.vlm.parsing.dots_elements import Element, parse_elements
from quire.engines.vlm.parsing.html_tables import parse_html_table
from quire.engines.vlm.parsing.inline import formula, plain
from quire.engines.vlm.parsing.item_runs import with_lists
from quire.engines.vlm.parsing.markdown import parse_markdown
from quire.engines.vlm.parsing.pieces import Item, Piece, ToBox
from quire.engines.vlm.parsing.placing import sharing
from quire.engines.vlm.parsing.understood import Understood
from quire.geometry import Box

_KINDS: Final[dict[str, BlockKind]] = {
    "caption": "caption",
    "footnote": "footnote",
    "formula": "formula",
    "list-item": "list",
    "page-footer": "footer",
    "page-header": "header",
    "picture": "figure",
    "section-header": "heading",
    "table": "table",
    "title": "title",
}
_PAGE_NUMBER_LENGTH: Final = 12


def parse_dots(text: str, to_box: ToBox, width: int) -> Understood:
    """The answer to a question for the layout; one that holds no list is read as Markdown, and is not valid.

    Args:
        width: of the page, pixels: how far items of a list are set in is seen against it.
    """
    elements = parse_elements(text)
    if not elements.found:
        empty = text.strip(" \n`json") == "[]"
        return Understood([] if empty else parse_markdown(text), () if empty else (_NO_LIST,), valid=empty)
    warnings = [_REPAIRED] if elements.repaired else []
    warnings += [_CUT] if elements.cut else []
    warnings += [_REPEATED] if elements.dropped else []
    pieces = [piece for element in elements.found for piece in _pieces(element, to_box)]
    return Understood(with_lists(pieces, width), tuple(warnings), valid=not elements.cut)


_NO_LIST: Final = "the model's answer is not the list of elements that was asked for: it was read as Markdown"
_REPAIRED: Final = "the model's JSON was broken and has been repaired"
_CUT: Final = "the model's answer ends in the middle: the end of the page may be missing"
_REPEATED: Final = "elements that the model repeated were left out"


def _pieces(element: Element, to_box: ToBox) -> Iterator[Piece]:
    kind = _KINDS.get(element.category.lower().replace(" ", "-").replace("_", "-"))
    box = to_box(*element.box) if element.box else None
    if kind is None:
        yield from _text(element.text, box)
    elif kind == "table":
        yield _table(element.text, box)
    elif kind == "formula":
        yield Piece("formula", formula(element.text), box)
    elif kind == "list":
        yield from _items(element.text, box)
    else:
        yield _simple(kind, element.text, box)


def _text(text: str, box: Box | None) -> list[Piece]:
    """A region's Markdown, which may hold more than one block: they share its box, one below the other."""
    if not text.strip():
        return [Piece("paragraph", box=box)]
    found = [
        replace(piece, kind="heading", level=1) if piece.kind == "title" else piece for piece in parse_markdown(text)
    ]
    return sharing(box, found)


def _table(text: str, box: Box | None) -> Piece:
    grid = parse_html_table(text) if "<t" in text.lower() else None
    if grid is None:
        grid = next((piece.grid for piece in parse_markdown(text) if piece.grid), None)
    if grid is None and text.strip():
        return Piece("paragraph", plain(text), box)
    return Piece("table", grid=grid, box=box)


def _items(text: str, box: Box | None) -> list[Piece]:
    """An item, with its marker or without; several where the region holds them."""
    pieces = parse_markdown(text)
    if not pieces or pieces[0].kind != "list":
        pieces = [Piece("list", items=(Item(plain(text), marker=""),))]
    return sharing(box, pieces)


def _simple(kind: BlockKind, text: str, box: Box | None) -> Piece:
    hashes = len(text) - len(text.lstrip("#"))
    words = plain(text.lstrip("# "))
    if kind == "heading":
        return Piece(kind, " ".join(words.split("\n")), box, level=min(3, max(1, hashes - 1)))
    if kind in ("header", "footer") and len(words) <= _PAGE_NUMBER_LENGTH and words.strip(" -–—|·.").isdigit():
        return Piece("page_number", words, box)
    return Piece(kind, words, box)
