"""Paragraphs that go on in the next column, or below what stands amid them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from quire.layout.draft import Draft
from quire.layout.paragraphs import ENDED

_SPLIT: Final = re.compile(r"[^\W\d_][-\u00ad\u2010]$")
_DENSE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]$")
_SAME_SIZE: Final = 1.15
_APART: Final = 6.0
# What text flows around.
_MOVABLE: Final = frozenset({"figure", "table", "caption"})
_FLOATING: Final = _MOVABLE | {"footnote", "header", "footer", "page_number"}


def with_continuations(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, with those marked that go on from the last text before them.

    Tables and figures that stand amid a paragraph come after it; footnotes stay at the foot of their column.
    """
    result: list[Draft] = []
    before: int | None = None
    for draft in drafts:
        goes_on = before is not None and _goes_on(result[before], draft)
        whole = replace(draft, block=replace(draft.block, continues=True)) if goes_on else draft
        amid = goes_on and before is not None and all(one.block.kind in _MOVABLE for one in result[before + 1 :])
        result.insert(before + 1 if amid and before is not None else len(result), whole)
        if goes_on and amid and before is not None:
            before += 1
        elif draft.block.kind not in _FLOATING:
            before = len(result) - 1
    return result


def _goes_on(before: Draft, draft: Draft) -> bool:
    if before.block.kind != draft.block.kind or draft.block.kind not in ("paragraph", "list"):
        return False
    if draft.block.items and draft.block.items[0].marker:
        return False
    sizes = sorted((before.block.font_size or 1.0, draft.block.font_size or 1.0))
    alike = sizes[1] < _SAME_SIZE * sizes[0] and before.bold == draft.bold
    # Below what it belongs to in one column, a gap or an indent has parted them for a reason.
    elsewhere = before.column != draft.column or draft.box.y0 > before.box.y1 + _APART * _row_height(draft)
    return alike and elsewhere and _unfinished(before) and _starts_amid(before.block.text, draft.block.text)


def _unfinished(draft: Draft) -> bool:
    """Whether the last row runs to the end of its column without the end of a sentence."""
    text = draft.block.text.rstrip()
    if not text or ENDED.search(text) or "\n" in text[-60:]:
        return False
    return len(draft.rows) > 1 and draft.box.width > 0.6 * draft.column.width


def _starts_amid(before: str, text: str) -> bool:
    first = text.lstrip()[:1]
    if _SPLIT.search(before.rstrip()):
        return first.isalpha()
    return first.islower() or bool(_DENSE.search(before.rstrip()) and first.isalpha() and not first.isupper())


def _row_height(draft: Draft) -> float:
    return draft.box.height / max(1, len(draft.rows))
