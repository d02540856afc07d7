"""The JSON list of dots.ocr → elements: read as JSON, or, where it is broken, by looking for what should be there."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

MAX_ELEMENTS: Final = 5_000
"""Of a page; what follows is left out."""

_START: Final = re.compile(r"\{\s{0,20}\"(?:bbox|category|text)\"\s{0,20}:")
_BOX: Final = re.compile(r"\"bbox\"\s{0,20}:\s{0,20}\[([-+\d.,eE\s]{0,200})")
_CATEGORY: Final = re.compile(r"\"category\"\s{0,20}:\s{0,20}\"([^\"\n{}]{0,40})\"")
_TEXT: Final = re.compile(r"\"text\"\s{0,20}:\s{0,20}\"")
_NEXT_KEY: Final = re.compile(r"\"\s{0,20},\s{0,20}\"(?:bbox|category)\"\s{0,20}:")
_TAIL: Final = frozenset("]},` \t\n")
_NUMBER: Final = re.compile(r"[-+]?\d{1,9}(?:\.\d{1,9})?")
# A backslash that belongs to LaTeX and was not doubled: as an escape it would be a control character, or nothing.
_ESCAPE: Final = re.compile(
    r"\\(?:u([0-9a-fA-F]{4})|(n(?!abla|eq|u\b|ot|i\b|eg)|t(?!imes|heta|ext|au|o\b|an|frac|ilde|riangle)"
    r"|r(?!ho|ight|m\b|angle|brace)|[\"\\/]))"
)
# The same, where JSON took it for an escape.
_SWALLOWED: Final = re.compile(
    r"[\b\f]|\n(?=abla|eq|u\b|ot|eg)|\t(?=imes|heta|ext|au|o\b|an\b|frac|ilde|riangle)|\r(?=ho|ight|m\b|angle|brace)"
)
_LETTERS: Final = {"\b": "\\b", "\f": "\\f", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_PLAIN: Final = {"n": "\n", "t": "\t", "r": "\n", '"': '"', "\\": "\\", "/": "/"}


class Element(NamedTuple):
    """One region as the model wrote it; `box` in the model's own pixels, None where it is no box."""

    box: tuple[float, float, float, float] | None
    category: str
    text: str


@dataclass(frozen=True, slots=True)
class Elements:
    """What was found.

    Attributes:
        found: in the model's order, repeated ones once.
        repaired: whether it was no JSON as it stands.
        cut: whether it ends in the middle of an element, or of the list.
        dropped: how many were repeated, or too many.
    """

    found: tuple[Element, ...]
    repaired: bool
    cut: bool
    dropped: int


def parse_elements(text: str) -> Elements:
    """The elements of a list in `text`, with anything around it."""
    objects = _as_json(text)
    repaired = objects is None
    elements = [*(_pieced(text) if objects is None else map(_of_object, objects))]
    unique = [*dict.fromkeys(elements)][:MAX_ELEMENTS]
    return Elements(tuple(unique), repaired, repaired and _is_cut(text), len(elements) - len(unique))


def _as_json(text: str) -> list[dict[str, Any]] | None:
    """The list as JSON, None where it is none."""
    starts = [place for place in (text.find("["), text.find("{")) if place >= 0]
    ends = max(text.rfind("]"), text.rfind("}"))
    if not starts or ends < min(starts):
        return None
    try:
        value = json.loads(text[min(starts) : ends + 1], strict=False)
    # Nesting without end, or numbers of thousands of digits.
    except (ValueError, RecursionError):
        return None
    return _objects(value)


def _objects(value: Any) -> list[dict[str, Any]] | None:
    """The elements in a list, alone, or inside an object such as {"layout": […]}."""
    if isinstance(value, dict) and not {"bbox", "category", "text"} & value.keys():
        value = next((inner for inner in value.values() if isinstance(inner, list)), None)
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return None
    return value


def _of_object(value: dict[str, Any]) -> Element:
    box = value.get("bbox")
    numbers = [_number(one) for one in box[:5]] if isinstance(box, list) else []
    category, text = str(value.get("category") or "")[:40], value.get("text")
    text = text if isinstance(text, str) else ""
    if category.lower() == "formula":
        text = _SWALLOWED.sub(lambda found: _LETTERS[found[0]], text)
    return Element(_box(numbers), category, text)


def _number(value: Any) -> float:
    try:
        return float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        return math.nan


def _box(numbers: list[float]) -> tuple[float, float, float, float] | None:
    if len(numbers) != 4 or not all(math.isfinite(number) for number in numbers):
        return None
    return (numbers[0], numbers[1], numbers[2], numbers[3])


def _pieced(text: str) -> Iterator[Element]:
    """Elements of broken JSON: from one beginning to the next."""
    starts = [found.start() for found in _START.finditer(text)]
    for start, end in pairwise([*starts, len(text)]):
        yield _of_segment(text[start:end])


def _of_segment(segment: str) -> Element:
    body = segment.rstrip(" \t\n,]`")
    try:
        value = json.loads(body, strict=False)
    except (ValueError, RecursionError):
        value = None
    return _of_object(value) if isinstance(value, dict) else _of_keys(segment)


def _of_keys(segment: str) -> Element:
    box = _BOX.search(segment)
    category = _CATEGORY.search(segment)
    text = _TEXT.search(segment)
    numbers = [float(number) for number in _NUMBER.findall(box[1])] if box else []
    return Element(_box(numbers), category[1] if category else "", _text(segment, text.end()) if text else "")


def _text(segment: str, start: int) -> str:
    """A text from its opening quote on, with quotes inside that nobody escaped."""
    following = _NEXT_KEY.search(segment, start)
    if following:
        return _unescaped(segment[start : following.start()])
    end = len(segment)
    while end > start and segment[end - 1] in _TAIL:
        end -= 1
    if end > start and segment[end - 1] == '"':
        return _unescaped(segment[start : end - 1])
    # Cut off: brackets at the end are the text's own.
    return _unescaped(segment[start:].rstrip())


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _PLAIN[found[2][0]], text)


def _is_cut(text: str) -> bool:
    return text.rstrip(" \t\n`")[-1:] not in ("]", "}")
