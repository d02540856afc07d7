"""Texts that name a figure or a table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from quire.document import Block, BlockKind
from quire.geometry import Box
from quire.layout.draft import Draft, body_size

_NAME: Final = (
    r"(?:fig(?:ure|ura|\.)?|tab(?:le|elle|leau|la|ella|\.)|abb(?:ildung|\.)|illustration|chart|exhibit|plate|scheme|box|"
    r"diagram|graph|photo|map|listing|algorithm|рис(?:унок|\.)?|табл(?:ица|\.)?|图表?|圖表?|表格?|그림|표|شكل|جدول|איור|טבלה)"
)
_NUMBER: Final = r"(?:[a-z]?\d{1,3}(?:[.\-–]\d{1,3})*[a-z]?|[ivxlc]{1,6}|[一二三四五六七八九十]{1,3})"
_LABELLED: Final = re.compile(
    rf"{_NAME}\s*{_NUMBER}\s*(?P<stop>[.:：。—–\-|)]|$)?\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_OF_TABLE: Final = re.compile(r"tab|табл|表|표|جدول|טבלה", re.IGNORECASE)
_MAX_LETTERS: Final = 900
_LABEL_LETTERS: Final = 40
# Lengths in line heights.
_NEAR: Final = 4.0
_TOUCHING: Final = 1.6
_MAX_PLAIN_ROWS: Final = 3
# Space below a caption, in its rows; smaller letters tell as well.
_CLEAR: Final = 0.8
_CLEAR_SMALL: Final = 0.4
# Shares of the body's size.
_SMALLER: Final = 0.93

Captions = dict[tuple[BlockKind, int], str]
"""Texts of captions by what they name: "table" or "figure", and its index on the page."""


def _nearest(draft: Draft, targets: Sequence[Draft], body: float) -> tuple[float, int] | None:
    """How far the table or figure is that a paragraph names, or a caption is of, and its position in `targets`."""
    known = draft.block.kind == "caption"
    if not (known or draft.block.kind == "paragraph") or not targets or len(draft.block.text) > _MAX_LETTERS:
        return None
    label = labelled(draft.block.text)
    wanted = None if label is None else "table" if _OF_TABLE.match(draft.block.text) else "figure"
    height = (draft.box.y1 - draft.box.y0) / max(1, len(draft.rows))
    distance, place = min(
        (_distance(draft.box, target.box) + (0 if target.block.kind == wanted else height), place)
        for place, target in enumerate(targets)
    )
    if known or label is not None:
        return (distance, place) if distance < (_NEAR + 1) * height else None
    plain = distance < _TOUCHING * height and _plain_caption(draft, targets[place], body)
    return (distance, place) if plain else None


def labelled(text: str) -> str | None:
    """What follows "Figure 3:" or "Table 2." at the start of a text; None where that is only spoken of."""
    found = _LABELLED.match(text.strip())
    if not found:
        return None
    rest = found["rest"]
    # "Figure 3 shows that …" is running text.
    return None if found["stop"] is None and rest[:1].islower() else rest


def surely_labelled(text: str) -> bool:
    """Whether a text begins with a name, a number and a stop: "Figure 3:", "Table 2."."""
    found = _LABELLED.match(text[:_LABEL_LETTERS].strip())
    return found is not None and found["stop"] is not None and found["stop"] in ".:：。"


def _plain_caption(draft: Draft, target: Draft, body: float) -> bool:
    """Whether a short text just below a figure, no wider than it is and set otherwise than the body, names it."""
    below = draft.box.y0 >= target.box.y1 - 0.3 * draft.box.height
    within = (
        draft.box.x0 >= target.box.x0 - 0.1 * target.box.width
        and draft.box.x1 <= target.box.x1 + 0.1 * target.box.width
    )
    row = draft.box.height / max(1, len(draft.rows))
    small = _small(draft, body)
    clear = draft.gap_below > (_CLEAR_SMALL if small else _CLEAR) * row
    short = len(draft.rows) <= _MAX_PLAIN_ROWS and (small or draft.box.width < 0.9 * target.box.width)
    other = draft.centred or draft.italic or small
    return target.block.kind == "figure" and below and within and short and clear and other


def _small(draft: Draft, body: float) -> bool:
    return draft.block.font_size is not None and draft.block.font_size < _SMALLER * body


def _stray(draft: Draft, body: float) -> bool:
    """Whether a paragraph is the caption of what was not found: labelled, and centred or smaller than the body."""
    short = draft.block.kind == "paragraph" and len(draft.block.text) <= _MAX_LETTERS
    return short and surely_labelled(draft.block.text) and (draft.centred or _small(draft, body))


def _distance(one: Box, other: Box) -> float:
    """Between two boxes, pixels; what is not above, below or beside is farther."""
    across = max(one.x0 - other.x1, other.x0 - one.x1, 0.0)
    down = max(one.y0 - other.y1, other.y0 - one.y1, 0.0)
    return across + down


def with_captions(drafts: Sequence[Draft]) -> tuple[list[Draft], Captions]:
    """The drafts with captions marked and beside what they name, and the captions themselves.

    Of several paragraphs that name one table or figure the nearest is the caption.
    """
    places = [place for place, draft in enumerate(drafts) if draft.block.kind in ("table", "figure")]
    targets = [drafts[place] for place in places]
    body = body_size(drafts) or 0.0
    near = [(_nearest(draft, targets, body), place) for place, draft in enumerate(drafts)]
    named: dict[int, int] = {}
    for (_, target), place in sorted((found, place) for found, place in near if found is not None):
        if places[target] not in named.values():
            named[place] = places[target]
    return _beside([_alone(draft, body) for draft in drafts], named)


def _alone(draft: Draft, body: float) -> Draft:
    return replace(draft, block=_caption(draft.block)) if _stray(draft, body) else draft


def _beside(drafts: Sequence[Draft], named: Mapping[int, int]) -> tuple[list[Draft], Captions]:
    captions = {target: replace(drafts[place], block=_caption(drafts[place].block)) for place, target in named.items()}
    result: list[Draft] = []
    texts: Captions = {}
    for place, draft in enumerate(drafts):
        caption = captions.get(place)
        if caption:
            texts[draft.block.kind, _index(draft.block)] = caption.block.text
            result += [caption, draft] if caption.box.y0 < draft.box.y0 else [draft, caption]
        elif place not in named:
            result.append(draft)
    return result, texts


def _caption(block: Block) -> Block:
    return replace(block, kind="caption")


def _index(block: Block) -> int:
    return (block.table if block.kind == "table" else block.figure) or 0
