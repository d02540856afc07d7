"""Notes at the foot of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from quire.layout.draft import Draft, body_size
from quire.view import PageView

_MARK: Final = re.compile(
    r"(?:[*†‡§¶#⁎∗]{1,3}|[⁰¹²³⁴-⁹]{1,3}|\(\d{1,3}\)|\d{1,3}(?![\d.,:%/)-]))\s*(?=[^\W\d_(\"“'«\[])"
)
# Notes stand in the lower part of the page and are set smaller than its text.
_LOWER_PART: Final = 0.5
_SMALLER: Final = 0.93
_SMALLER_MEASURED: Final = 0.9
_MAX_NOTES: Final = 40
# A rule above notes is shorter than the column, but no dash; shares of the column.
_RULE: Final = (0.08, 0.75)


def with_footnotes(drafts: Sequence[Draft], view: PageView) -> list[Draft]:
    """The drafts, with those at the foot of each column marked that carry a mark or stand below a short rule."""
    body = body_size(drafts)
    result = list(drafts)
    if body is None:
        return result
    for column in _columns(drafts):
        for place in _notes(drafts, column, view, body):
            result[place] = replace(result[place], block=replace(result[place].block, kind="footnote"))
    return result


def _columns(drafts: Sequence[Draft]) -> list[list[int]]:
    """Positions of drafts by column, as they follow one another."""
    result: list[list[int]] = []
    for place, draft in enumerate(drafts):
        if result and drafts[result[-1][-1]].column == draft.column:
            result[-1].append(place)
        else:
            result.append([place])
    return result


def _notes(drafts: Sequence[Draft], column: Sequence[int], view: PageView, body: float) -> list[int]:
    """Positions of the notes in a column: the topmost one that is sure, and what is small below it."""
    limit = body * (_SMALLER if view.styles and not view.measured else _SMALLER_MEASURED)
    found: list[int] = []
    first: int | None = None
    for place in reversed(column[-_MAX_NOTES:]):
        draft = drafts[place]
        size = draft.block.font_size
        if draft.block.kind not in ("paragraph", "list") or not size or draft.box.y0 < _LOWER_PART * view.height:
            break
        ruled = _below_a_rule(draft, view)
        marked = bool(_MARK.match(draft.block.text))
        if size > limit and not (marked and ruled):
            # A page's number or foot may be as large as the text.
            if found or len(draft.block.text) > 80:
                break
            continue
        found.append(place)
        if marked or ruled:
            first = place
    return [] if first is None else [place for place in found if place >= first]


def _below_a_rule(draft: Draft, view: PageView) -> bool:
    """Whether a short rule at the column's edge stands just above."""
    height = draft.box.height / max(1, len(draft.rows))
    shortest, longest = (share * draft.column.width for share in _RULE)
    return any(
        rule.level
        and shortest < rule.x1 - rule.x0 < longest
        and -0.5 * height < draft.box.y0 - rule.y1 < 2 * height
        and abs(rule.x0 - draft.column.x0) < 2 * height
        for rule in view.rules[:4000]
    )
