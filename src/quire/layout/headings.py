"""Title and headings of one page, by how a block is set against the page's text.

A PDF's tags and bookmarks are believed; else evidence is added up: size, weight, capitals, numbers, room around it. A
heading that is missed costs a reader less than a label or a name that poses as one, so doubt leaves a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from quire.document import Block
from quire.layout.draft import Draft
from quire.layout.heading_evidence import (
    MAX_LETTERS,
    Setting,
    amid_sentence,
    evidence,
    least_letters,
    may_be_heading,
    runs_on,
    says_data,
    text_of,
)
from quire.layout.levels import MAX_LEVEL, Heading, heading_levels, key
from quire.layout.numbering import numbering
from quire.layout.sizes import usual
from quire.view import PageView

_MAX_TITLE_ROWS: Final = 5
_NEEDED: Final = 4
_NEEDED_WITHOUT_TEXT: Final = 6
_TITLE_SIZE: Final = 1.3
_TITLE_LEAD: Final = 1.1
_TITLE_BAND: Final = 0.5
_CLEAR: Final = 0.88
_TAGGED: Final = re.compile(r"H([1-6])?")
_LEADERS: Final = re.compile(r"(?:[.·…_]\s?){3,}\s*\S{0,6}$|\t\d+$")


def mark_headings(drafts: Sequence[Draft], view: PageView) -> list[Draft]:
    """Marks titles and headings among the paragraphs; levels are a first guess from this page."""
    setting = _setting(drafts, view)
    bookmarks = {key(title): min(level, MAX_LEVEL) for title, level in view.bookmarks}
    clear = [_clear(draft, view) for draft in drafts]
    title = _title(drafts, view, setting, clear)
    chosen = [index for index in _chosen(drafts, setting, bookmarks, title) if clear[index]]
    chosen = _without_contents(drafts, chosen)
    levels = _levels(drafts, chosen, setting)
    marked = [*drafts]
    for index in chosen:
        level = _said_level(drafts[index], bookmarks) or levels[index]
        marked[index] = replace(drafts[index], block=_heading(drafts[index].block, level))
    if title is not None:
        marked[title] = replace(drafts[title], block=replace(drafts[title].block, kind="title", items=()))
    return marked


def with_levels(drafts: Sequence[Draft], view: PageView) -> list[Draft]:
    """Gives the headings that a layout model saw their levels: a first guess from this page."""
    bookmarks = {key(title): min(level, MAX_LEVEL) for title, level in view.bookmarks}
    chosen = [index for index, draft in enumerate(drafts) if draft.block.kind == "heading"]
    levels = _levels(drafts, chosen, _setting(drafts, view))
    marked = [*drafts]
    for index in chosen:
        level = _said_level(drafts[index], bookmarks) or levels[index]
        marked[index] = replace(drafts[index], block=_heading(drafts[index].block, level))
    return marked


def _setting(drafts: Sequence[Draft], view: PageView) -> Setting:
    text = [draft for draft in drafts if draft.block.kind in ("paragraph", "list") and draft.block.font_size]
    running = any(map(runs_on, text))
    sizes = [(draft.block.font_size or 0.0, len(draft.block.text)) for draft in text]
    if not running:
        # A page of contents or figures: what stands in tables is all the text there is.
        sizes = [(style.size_px, len(line.text)) for line, style in zip(view.lines, view.styles, strict=False)] or sizes
    letters = sum(len(draft.block.text) for draft in text)
    bold = sum(len(draft.block.text) for draft in text if draft.bold)
    return Setting(usual(sizes) or 0.0, bool(view.styles) and not view.measured, 2 * bold > letters, running)


def _clear(draft: Draft, view: PageView) -> bool:
    """Whether it was read with certainty: signatures and stamps are large, and hardly ever are."""
    lines = [view.lines[line] for line in draft.block.lines]
    return not lines or sum(line.confidence for line in lines) >= _CLEAR * len(lines)


def _chosen(drafts: Sequence[Draft], setting: Setting, bookmarks: Mapping[str, int], title: int | None) -> list[int]:
    return [
        index
        for index, draft in enumerate(drafts)
        if index != title and may_be_heading(draft, setting) and _is_heading(drafts, index, setting, bookmarks)
    ]


def _is_heading(drafts: Sequence[Draft], index: int, setting: Setting, bookmarks: Mapping[str, int]) -> bool:
    draft = drafts[index]
    if _said_level(draft, bookmarks):
        return True
    text = text_of(draft)
    if _LEADERS.search(text) or says_data(text):
        return False
    needed = _NEEDED if setting.running else _NEEDED_WITHOUT_TEXT
    return evidence(drafts, index, setting) >= needed


def _said_level(draft: Draft, bookmarks: Mapping[str, int]) -> int | None:
    """The level that a tag or a bookmark gives."""
    tagged = _TAGGED.fullmatch(draft.tag or "")
    if tagged:
        return min(int(tagged[1] or 1), MAX_LEVEL)
    return bookmarks.get(key(draft.block.text)) if bookmarks else None


def _title(drafts: Sequence[Draft], view: PageView, setting: Setting, clear: Sequence[bool]) -> int | None:
    """The largest text, at the top of the page and above its running text."""
    tagged = [index for index, draft in enumerate(drafts) if draft.tag == "Title"]
    if tagged:
        return tagged[0]
    sizes = [draft.block.font_size or 0.0 for draft in drafts]
    able = [index for index, draft in enumerate(drafts) if clear[index] and _may_be_title(draft, view, setting)]
    if not able or not setting.size:
        return None
    best = max(able, key=lambda index: sizes[index])
    others = [size for index, size in enumerate(sizes) if index != best and drafts[index].block.kind == "paragraph"]
    above = [draft for draft in drafts if draft.box.y1 <= drafts[best].box.y0]
    largest = sizes[best] >= _TITLE_LEAD * max(others, default=0.0)
    return best if largest and sizes[best] >= _TITLE_SIZE * setting.size and not any(map(runs_on, above)) else None


def _may_be_title(draft: Draft, view: PageView, setting: Setting) -> bool:
    text = text_of(draft)
    if (
        draft.block.kind != "paragraph"
        or draft.box.y0 > _TITLE_BAND * view.height
        or _TAGGED.fullmatch(draft.tag or "")
    ):
        return False
    letters = sum(map(str.isalpha, text))
    number = numbering(text)
    return (
        len(draft.rows) <= _MAX_TITLE_ROWS
        and 0.5 * len(text.replace(" ", "")) <= letters <= 2 * MAX_LETTERS
        and letters >= min(3, least_letters(text, setting))
        and not (number and (number.sure or number.style == "decimal"))
        and not amid_sentence(text, 0)
        and not says_data(text)
    )


def _without_contents(drafts: Sequence[Draft], chosen: Sequence[int]) -> list[int]:
    """Without the entries of a table of contents: one above the other, all ending in a page number."""
    ends = [index for index in chosen if text_of(drafts[index])[-1:].isdecimal()]
    return [index for index in chosen if index not in ends] if len(ends) > 2 else [*chosen]


def _levels(drafts: Sequence[Draft], chosen: Sequence[int], setting: Setting) -> dict[int, int]:
    found = []
    for index in chosen:
        block, number = drafts[index].block, numbering(text_of(drafts[index]))
        style, depth = (number.style, number.depth) if number else (None, 0)
        found.append(Heading(1, index, key(block.text), block.font_size or 0.0, setting.exact, style, depth))
    return heading_levels(found).get(1, {})


def _heading(block: Block, level: int) -> Block:
    return replace(block, kind="heading", level=level, items=(), text=" ".join(block.text.split("\n")))
