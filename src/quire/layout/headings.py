"""Title and headings of one page, by how a block is set against the page's text.

A PDF's tags and bookmarks are believed; else evidence is added up: size, weight, capitals, numbers, room around it. A
heading that is missed costs a reader less than a label or a name that poses as one, so doubt leaves a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from quire.document import Block
from quire.layout.draft import Draft
from quire.layout.levels import MAX_LEVEL, Heading, heading_levels, key
from quire.layout.numbering import numbering
from quire.layout.sizes import usual
from quire.view import PageView

_MAX_ROWS: Final = 3
_MAX_NARROW_ROWS: Final = 6
_NARROW_LETTERS: Final = 90
_MAX_TITLE_ROWS: Final = 5
_MAX_LETTERS: Final = 160
_NEEDED: Final = 4
_NEEDED_WITHOUT_TEXT: Final = 6
_TITLE_SIZE: Final = 1.3
_TITLE_LEAD: Final = 1.1
_TITLE_BAND: Final = 0.5
_RUNNING_ROWS: Final = 2
_RUNNING_LETTERS: Final = 120
_ROOM: Final = 0.7
_SHORT: Final = 0.75
_CLEAR: Final = 0.88

# Ratio to the size of the text, and what it counts; heights measured on an image depend on the letters they hold.
_SIZES: Final = ((1.5, 4), (1.25, 3), (1.1, 2), (1.04, 1), (0.93, 0), (0.0, -3))
_MEASURED_SIZES: Final = ((1.55, 4), (1.3, 3), (1.14, 2), (1.07, 1), (0.88, 0), (0.0, -3))

_TAGGED: Final = re.compile(r"H([1-6])?")
_NO_HEADING_TAGS: Final = frozenset({"LI", "LBody", "Lbl", "TD", "TH", "TOCI", "Caption", "Artifact", "Note", "Code"})
_LEADERS: Final = re.compile(r"(?:[.·…_]\s?){3,}\s*\S{0,6}$|\t\d+$")
_LABEL: Final = re.compile(r"[:：]\s*$|[:：].*[:：]|[:：]\s*_{2,}|_{3,}|\[\s?\]|[☐☑☒]")
_NO_NAME: Final = re.compile(
    r"@\w|https?://|www\.|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|[$€£¥]\s?\d|\d[.,]\d{2}\b(?!\.\d)|\+?\d[\d\s()-]{7,}\d"
)
_SENTENCE: Final = re.compile(r"[.;,。；，、،؛][\"'”’»)\]]*$|^.{40,}[^\W\d_]{3}[.!?]\s+[^\W\d_]|。.")
_FIRST_LETTER: Final = re.compile(r"[^\W\d_]")
_IDEOGRAPH: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class _Setting:
    """How the page's text is set.

    Attributes:
        size: of its letters, pixels.
        exact: whether sizes are known, not measured.
        bold: whether the text itself is bold.
        running: whether there is running text that headings could be over.
    """

    size: float
    exact: bool
    bold: bool
    running: bool


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


def _setting(drafts: Sequence[Draft], view: PageView) -> _Setting:
    text = [draft for draft in drafts if draft.block.kind in ("paragraph", "list") and draft.block.font_size]
    size = usual((draft.block.font_size or 0.0, len(draft.block.text)) for draft in text)
    letters = sum(len(draft.block.text) for draft in text)
    bold = sum(len(draft.block.text) for draft in text if draft.bold)
    return _Setting(size or 0.0, bool(view.styles) and not view.measured, 2 * bold > letters, any(map(_runs, text)))


def _runs(draft: Draft) -> bool:
    """Whether it is text of some length, whose lines the margin broke."""
    text = draft.block.text
    return len(draft.rows) >= _RUNNING_ROWS and len(text) >= _RUNNING_LETTERS and text.count("\n") < len(draft.rows) / 2


def _clear(draft: Draft, view: PageView) -> bool:
    """Whether it was read with certainty: signatures and stamps are large, and hardly ever are."""
    lines = [view.lines[line] for line in draft.block.lines]
    return not lines or sum(line.confidence for line in lines) >= _CLEAR * len(lines)


def _chosen(drafts: Sequence[Draft], setting: _Setting, bookmarks: Mapping[str, int], title: int | None) -> list[int]:
    return [
        index
        for index, draft in enumerate(drafts)
        if index != title and _may_be_heading(draft) and _is_heading(drafts, index, setting, bookmarks)
    ]


def _may_be_heading(draft: Draft) -> bool:
    block = draft.block
    single = block.kind == "list" and len(block.items) == 1 and block.items[0].ordered
    if not (block.kind == "paragraph" or single) or draft.tag in _NO_HEADING_TAGS or draft.mono:
        return False
    text = block.text.strip()
    letters = sum(map(str.isalpha, text))
    if not _brief(draft, letters) or letters < 0.5 * len(text.replace(" ", "")):
        return False
    return letters >= (2 if _IDEOGRAPH.search(text) else 3)


def _brief(draft: Draft, letters: int) -> bool:
    """Whether it is no longer than headings are; a narrow column breaks them into many rows."""
    most = _MAX_NARROW_ROWS if letters <= _NARROW_LETTERS else _MAX_ROWS
    return len(draft.rows) <= most and letters <= _MAX_LETTERS


def _is_heading(drafts: Sequence[Draft], index: int, setting: _Setting, bookmarks: Mapping[str, int]) -> bool:
    draft = drafts[index]
    if _said_level(draft, bookmarks):
        return True
    text = _text(draft)
    if _LEADERS.search(text) or _LABEL.search(text) or _NO_NAME.search(text):
        return False
    needed = _NEEDED if setting.running else _NEEDED_WITHOUT_TEXT
    return _evidence(drafts, index, setting) >= needed


def _said_level(draft: Draft, bookmarks: Mapping[str, int]) -> int | None:
    """The level that a tag or a bookmark gives."""
    tagged = _TAGGED.fullmatch(draft.tag or "")
    if tagged:
        return min(int(tagged[1] or 1), MAX_LEVEL)
    return bookmarks.get(key(draft.block.text)) if bookmarks else None


def _evidence(drafts: Sequence[Draft], index: int, setting: _Setting) -> int:
    draft, text = drafts[index], _text(drafts[index])
    number = numbering(text)
    score = _size_evidence(draft, setting)
    score += 2 * (draft.bold and not setting.bold) + _capitals(text)
    # "3 apples", "A. Miller" and "I think" begin like headings: they have to look like one besides.
    score += 2 if number and number.sure else int(number is not None and score > 0)
    score += _room(draft) + _short(draft) + _leads(drafts, index)
    score -= 2 * _amid_sentence(text, number.end if number else 0) + 2 * bool(_SENTENCE.search(text))
    return score - (len(draft.rows) > 2 and len(text) > _NARROW_LETTERS)


def _size_evidence(draft: Draft, setting: _Setting) -> int:
    if not setting.size or not draft.block.font_size:
        return 0
    ratio = draft.block.font_size / setting.size
    steps = _SIZES if setting.exact else _MEASURED_SIZES
    return next(score for least, score in steps if ratio >= least)


def _capitals(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= 4 and text.upper() == text and text.lower() != text


def _room(draft: Draft) -> bool:
    """Whether there is more room above than lines leave between them."""
    height = draft.box.height / max(1, len(draft.rows))
    return draft.gap_above >= _ROOM * height and draft.gap_above >= 0.8 * draft.gap_below


def _short(draft: Draft) -> bool:
    return draft.centred or (len(draft.rows) == 1 and draft.box.width <= _SHORT * draft.column.width)


def _leads(drafts: Sequence[Draft], index: int) -> bool:
    """Whether text comes below it, at once or after one short line, such as a letter's salutation."""
    below = [draft for draft in drafts[index + 1 : index + 3] if draft.box.y0 >= drafts[index].box.y1 - _slack(draft)]
    return any(
        _runs(draft) or draft.block.kind in ("list", "table") or len(draft.block.text) >= _RUNNING_LETTERS
        for draft in below
    )


def _slack(draft: Draft) -> float:
    return 0.5 * draft.box.height / max(1, len(draft.rows))


def _amid_sentence(text: str, start: int) -> bool:
    """Whether its first word begins with a small letter."""
    first = _FIRST_LETTER.search(text, start)
    return first is not None and first[0].islower()


def _title(drafts: Sequence[Draft], view: PageView, setting: _Setting, clear: Sequence[bool]) -> int | None:
    """The largest text, at the top of the page and above its running text."""
    tagged = [index for index, draft in enumerate(drafts) if draft.tag == "Title"]
    if tagged:
        return tagged[0]
    sizes = [draft.block.font_size or 0.0 for draft in drafts]
    able = [index for index, draft in enumerate(drafts) if clear[index] and _may_be_title(draft, view)]
    if not able or not setting.size:
        return None
    best = max(able, key=lambda index: sizes[index])
    others = [size for index, size in enumerate(sizes) if index != best and drafts[index].block.kind == "paragraph"]
    above = [draft for draft in drafts if draft.box.y1 <= drafts[best].box.y0]
    largest = sizes[best] >= _TITLE_LEAD * max(others, default=0.0)
    return best if largest and sizes[best] >= _TITLE_SIZE * setting.size and not any(map(_runs, above)) else None


def _may_be_title(draft: Draft, view: PageView) -> bool:
    text = _text(draft)
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
        and 0.5 * len(text.replace(" ", "")) <= letters <= 2 * _MAX_LETTERS
        and letters >= 2
        and not (number and (number.sure or number.style == "decimal"))
        and not _amid_sentence(text, 0)
        and not _LABEL.search(text)
        and not _NO_NAME.search(text)
    )


def _without_contents(drafts: Sequence[Draft], chosen: Sequence[int]) -> list[int]:
    """Without the entries of a table of contents: one above the other, all ending in a page number."""
    ends = [index for index in chosen if _text(drafts[index])[-1:].isdecimal()]
    return [index for index in chosen if index not in ends] if len(ends) > 2 else [*chosen]


def _levels(drafts: Sequence[Draft], chosen: Sequence[int], setting: _Setting) -> dict[int, int]:
    found = []
    for index in chosen:
        block, number = drafts[index].block, numbering(_text(drafts[index]))
        style, depth = (number.style, number.depth) if number else (None, 0)
        found.append(Heading(1, index, key(block.text), block.font_size or 0.0, setting.exact, style, depth))
    return heading_levels(found).get(1, {})


def _heading(block: Block, level: int) -> Block:
    return replace(block, kind="heading", level=level, items=(), text=" ".join(block.text.split("\n")))


def _text(draft: Draft) -> str:
    return " ".join(draft.block.text.split())
