"""Whether a block is set as headings are: size, weight, capitals, numbers, room around it, and what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from quire.layout.draft import Draft
from quire.layout.numbering import numbering

_MAX_ROWS: Final = 3
_MAX_NARROW_ROWS: Final = 6
_NARROW_LETTERS: Final = 90
MAX_LETTERS: Final = 160
_RUNNING_ROWS: Final = 2
_RUNNING_LETTERS: Final = 120
_ROOM: Final = 0.7
_SHORT: Final = 0.75
# Ratio to the size of the text, and what it counts; heights measured on an image depend on the letters they hold.
_SIZES: Final = ((1.5, 4), (1.25, 3), (1.1, 2), (1.04, 1), (0.93, 0), (0.0, -3))
_MEASURED_SIZES: Final = ((1.55, 4), (1.3, 3), (1.17, 2), (1.08, 1), (0.88, 0), (0.0, -3))
_NO_HEADING_TAGS: Final = frozenset({"LI", "LBody", "Lbl", "TD", "TH", "TOCI", "Caption", "Artifact", "Note", "Code"})
_LABEL: Final = re.compile(r"[:：]\s*$|[:：].*[:：]|[:：]\s*_{2,}|_{3,}|\[\s?\]|[☐☑☒]")
_NO_NAME: Final = re.compile(
    r"@\w|https?://|www\.|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b|[$€£¥]\s?\d|,\s[A-Z]{2}\s\d{5}"
    r"|\d[.,]\d{2}\b(?!\.\d)|\+?\d[\d\s()-]{7,}\d"
)
_DATE: Final = re.compile(r"(?:\S+,?\s)?(?:\d{1,2}\S{0,2}\s[^\W\d_]{3,}\.?|[^\W\d_]{3,}\.?\s\d{1,2}\S{0,2}),?\s\d{4}$")
# "CODE ASSIGNED: 8470" fills in a field; "Part 2: Methods" and "Appendix B: Data" do not.
_FIELD: Final = re.compile(r"(?!.*\b(?:[\divxIVX]+|[A-Z])\s?[:：])[^\W\d][^:：]{1,40}[:：]\s?\S")
_PERSON: Final = re.compile(r"(?:[A-Z]\.\s?){2,3}[A-Z][a-z]+$|[A-Z][a-z]+ [A-Z]\. [A-Z][a-z]+(?:,? [JS]r\.?| I{2,3})?$")
_SENTENCE: Final = re.compile(r"[.;,。；，、،؛][\"'”’»)\]]*$|^.{40,}[^\W\d_]{3}[.!?]\s+[^\W\d_]|。.")
_FIRST_LETTER: Final = re.compile(r"[^\W\d_]")
_IDEOGRAPH: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Setting:
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


def runs_on(draft: Draft) -> bool:
    """Whether it is text of some length, whose lines the margin broke."""
    text = draft.block.text
    return len(draft.rows) >= _RUNNING_ROWS and len(text) >= _RUNNING_LETTERS and text.count("\n") < len(draft.rows) / 2


def may_be_heading(draft: Draft, setting: Setting) -> bool:
    """Whether it is a short text that nothing else claims, and more than initials or a mark that was misread."""
    block = draft.block
    single = block.kind == "list" and len(block.items) == 1 and block.items[0].ordered
    if not (block.kind == "paragraph" or single) or draft.tag in _NO_HEADING_TAGS or draft.mono:
        return False
    text = block.text.strip()
    letters = sum(map(str.isalpha, text))
    if not _brief(draft, letters) or letters < 0.5 * len(text.replace(" ", "")):
        return False
    return letters >= least_letters(text, setting)


def least_letters(text: str, setting: Setting) -> int:
    """Letters of the shortest heading: stamps and initials that were recognised in an image are shorter."""
    return 2 if _IDEOGRAPH.search(text) else 3 if setting.exact else 4


def _brief(draft: Draft, letters: int) -> bool:
    """Whether it is no longer than headings are; a narrow column breaks them into many rows."""
    most = _MAX_NARROW_ROWS if letters <= _NARROW_LETTERS else _MAX_ROWS
    return len(draft.rows) <= most and letters <= MAX_LETTERS


def says_data(text: str) -> bool:
    """Whether it is a label, an address, a date, an amount or a signature: what forms and letters consist of."""
    return bool(_LABEL.search(text) or _NO_NAME.search(text) or _DATE.match(text) or _PERSON.match(text))


def evidence(drafts: Sequence[Draft], index: int, setting: Setting) -> int:
    """Points for a heading, of which some 4 are needed."""
    draft, text = drafts[index], text_of(drafts[index])
    number = numbering(text)
    score = _size_evidence(draft, setting)
    score += 2 * (draft.bold and not setting.bold) + _capitals(text)
    # "3 apples", "A. Miller" and "I think" begin like headings: they have to look like one besides.
    score += 2 if number and number.sure else int(number is not None and score > 0)
    score += _room(draft) + _short(draft) + _leads(drafts, index)
    score -= 2 * amid_sentence(text, number.end if number else 0) + 2 * bool(_SENTENCE.search(text))
    score -= 2 * (number is None and bool(_FIELD.match(text)))
    return score - (len(text) > _NARROW_LETTERS)


def _size_evidence(draft: Draft, setting: Setting) -> int:
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
        runs_on(draft) or draft.block.kind in ("list", "table") or len(draft.block.text) >= _RUNNING_LETTERS
        for draft in below
    )


def _slack(draft: Draft) -> float:
    return 0.5 * draft.box.height / max(1, len(draft.rows))


def amid_sentence(text: str, start: int) -> bool:
    """Whether its first word begins with a small letter."""
    first = _FIRST_LETTER.search(text, start)
    return first is not None and first[0].islower()


def text_of(draft: Draft) -> str:
    return " ".join(draft.block.text.split())
