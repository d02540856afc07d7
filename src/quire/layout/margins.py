"""Headers, footers and page numbers that one page alone gives away.

What only repetition tells is left to `layout.refine`. A first line is rather left in the text than taken for a
header: margins are no part of a document's Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Final, Literal

from quire.document import BlockKind
from quire.layout.draft import Draft
from quire.layout.numbering import page_number
from quire.view import PageView, Rule

# Shares of the page's height.
_NUMBER_BAND: Final = 0.13
_BAND: Final = 0.1
_RULE_REACH: Final = 0.025
# No text block reaches so far out: what stands there was stamped on, or is the last line of a browser's print.
_EDGE: Final = 0.021

_MAX_ROWS: Final = 2
_MAX_LETTERS: Final = 160
_MIN_RULE_WIDTH: Final = 0.3
_SMALL: Final = 0.9
_CLEAR: Final = 1.0
_FAR: Final = 2.2
_MIN_BODY_ROWS: Final = 12

# A running title and a page number on one line.
_NUMBERED: Final = re.compile(r"^\d{1,5}\s+[^\W\d_]|[^\W\d_].*\s\d{1,5}$")

Place = Literal["header", "footer"]


def mark_margins(drafts: Sequence[Draft], view: PageView) -> list[Draft]:
    """Marks page numbers, and the short lines at the page's ends that are plainly set apart from its text."""
    marked = [*drafts]
    body = _body_size(drafts)
    for place in ("header", "footer"):
        _mark_end(marked, _outermost(drafts, place), place, view, body)
    return marked


def _outermost(drafts: Sequence[Draft], place: Place) -> list[int]:
    """Indices from the page's end inwards."""
    edge = (lambda index: drafts[index].box.y0) if place == "header" else (lambda index: -drafts[index].box.y1)
    return sorted(range(len(drafts)), key=edge)


def _mark_end(marked: list[Draft], order: Sequence[int], place: Place, view: PageView, body: float) -> None:
    """Marks from the end inwards, up to the first block that belongs to the text."""
    for rank, index in enumerate(order):
        kind = _kind(marked, order, rank, place, view, body)
        if kind is None:
            # What stands level with a margin may still be one: a page number beside a title.
            if rank + 1 < len(order) and _level(marked[index], marked[order[rank + 1]]):
                continue
            return
        marked[index] = replace(marked[index], block=replace(marked[index].block, kind=kind, level=None, items=()))


def _kind(
    drafts: Sequence[Draft], order: Sequence[int], rank: int, place: Place, view: PageView, body: float
) -> BlockKind | None:
    draft = drafts[order[rank]]
    depth = _depth(draft, place, view)
    if draft.tag == "Artifact" and depth <= _NUMBER_BAND:
        return "page_number" if page_number(draft.block.text) is not None else place
    if draft.block.kind not in ("paragraph", "list") or not _short(draft):
        return None
    if depth <= _NUMBER_BAND and page_number(draft.block.text) is not None:
        return "page_number"
    if depth <= _EDGE and len(draft.rows) == 1 and _rows_of(drafts) >= _MIN_BODY_ROWS:
        return place
    if depth > _BAND or draft.block.font_size is None or draft.block.font_size > _CLEAR * 1.1 * body:
        return None
    inner = [drafts[index] for index in order[rank + 1 :] if not _level(draft, drafts[index])]
    gap = _gap(draft, inner[0], place) if inner else 0.0
    height = _row_height(draft)
    beside = any(
        _level(draft, drafts[index]) and page_number(drafts[index].block.text) is not None for index in order[:8]
    )
    ruled = any(_between(rule, draft, place, view) for rule in view.rules)
    small = draft.block.font_size <= _SMALL * body
    numbered = rank == 0 and not draft.bold and len(draft.rows) == 1 and bool(_NUMBERED.search(draft.block.text))
    sure = beside or ruled or numbered or (small and gap >= _CLEAR * height) or gap >= _FAR * height
    return place if sure and gap >= _CLEAR * height / 2 and _rows_of(inner) >= _MIN_BODY_ROWS else None


def _depth(draft: Draft, place: Place, view: PageView) -> float:
    """How far into the page it reaches from that end, as a share of the height."""
    reach = draft.box.y1 if place == "header" else view.height - draft.box.y0
    return reach / max(view.height, 1)


def _short(draft: Draft) -> bool:
    return len(draft.rows) <= _MAX_ROWS and len(draft.block.text) <= _MAX_LETTERS


def _level(first: Draft, second: Draft) -> bool:
    """Whether two stand side by side."""
    shared = min(first.box.y1, second.box.y1) - max(first.box.y0, second.box.y0)
    return shared > 0.5 * min(first.box.height, second.box.height)


def _gap(draft: Draft, inner: Draft, place: Place) -> float:
    return inner.box.y0 - draft.box.y1 if place == "header" else draft.box.y0 - inner.box.y1


def _row_height(draft: Draft) -> float:
    return draft.box.height / max(1, len(draft.rows))


def _rows_of(drafts: Sequence[Draft]) -> int:
    return sum(len(draft.rows) for draft in drafts)


def _between(rule: Rule, draft: Draft, place: Place, view: PageView) -> bool:
    """Whether a long level rule parts the draft from the text."""
    if not rule.level or rule.x1 - rule.x0 < _MIN_RULE_WIDTH * view.width:
        return False
    y = (rule.y0 + rule.y1) / 2
    away = y - draft.box.y1 if place == "header" else draft.box.y0 - y
    return -0.3 * draft.box.height <= away <= _RULE_REACH * view.height


def _body_size(drafts: Sequence[Draft]) -> float:
    sizes = [draft.block.font_size for draft in drafts for _ in draft.rows if draft.block.font_size]
    return median(sizes) if sizes else 0.0
