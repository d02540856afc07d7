"""Tesseract's report in hOCR → lines and words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from quire.document import Line, Word
from quire.document.flow import DENSE
from quire.errors import EngineFailed
from quire.geometry import Box, Quad, bounds, to_quad

_SPAN: Final = "{http://www.w3.org/1999/xhtml}span"
_WORD: Final = "ocrx_word"
_BOX: Final = re.compile("bbox " + " ".join([r"(\d{1,9})"] * 4))
_SLOPE: Final = re.compile(r"baseline (-?\d{1,9}(?:\.\d{1,9})?) ")
_ANGLE: Final = re.compile(r"textangle (\d{1,3})")
_SURENESS: Final = re.compile(r"x_wconf (\d{1,3})")
_LEAST_RISE_PX: Final = 0.5
_MOST_RISE: Final = 0.9
_NOT_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SPACE_WITHIN: Final = re.compile(f"(?<={DENSE}) (?={DENSE})")
"""Han and Kana have no spaces; Tesseract's words are pieces of a few of them."""

_DENSE_LETTER: Final = re.compile(DENSE)
_DOWN: Final = 3
_STEEPEST: Final = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """A line as it lies on the image.

    Attributes:
        line: its boxes start at the text's own top left.
        slope: of its baseline, down to the right is positive; 0 for lines that do not run across the image.
        turns: clockwise quarter turns that make it upright.
    """

    line: Line
    slope: float
    turns: int


def lines_of(report: str) -> tuple[Found, ...]:
    """The lines that hold anything, with words, in Tesseract's order.

    Raises:
        EngineFailed: the report is none.
    """
    if not report.strip():
        return ()  # Said of images that are too small for a letter.
    try:
        # Written by a program of the operator's, not by callers; no entity is declared in it.
        root = ElementTree.fromstring(_NOT_XML.sub("", report))  # noqa: S314
    except ElementTree.ParseError as exc:
        raise EngineFailed("tesseract's report cannot be understood: reinstall it, or correct its command") from exc
    found = (_found(span) for span in root.iter(_SPAN) if span.get("class") != _WORD)
    return tuple(line for line in found if line is not None)


def _found(span: ElementTree.Element) -> Found | None:
    turns = _turns(span)
    slope = 0.0 if turns else _number(_SLOPE, span)
    words = tuple(_words(span.iterfind(_SPAN), slope, turns))
    if not words:
        return None
    text = _SPACE_WITHIN.sub("", " ".join(word.text for word in words))
    letters = sum(len(word.text) for word in words)
    confidence = sum(word.confidence * len(word.text) for word in words) / letters
    box = _box(span) or bounds(word.box for word in words)
    return Found(Line(text, _quad(box, slope, turns), confidence, words), slope, turns)


def _turns(span: ElementTree.Element) -> int:
    """Clockwise quarters. Of lines that run down the image no angle is said, and no baseline or an absurd one; Han and
    Kana stand upright in them."""
    angle, slope = _number(_ANGLE, span), _number(_SLOPE, span, absent=math.inf)
    if angle or abs(slope) <= _STEEPEST or _DENSE_LETTER.search("".join(span.itertext())):
        return int(angle) // 90 % 4
    return _DOWN


def _words(spans: Iterable[ElementTree.Element], slope: float, turns: int) -> Iterator[Word]:
    for span in spans:
        text, box = "".join(span.itertext()).strip(), _box(span)
        if text and box is not None and span.get("class") == _WORD:
            yield Word(text, _quad(box, slope, turns), min(1.0, _number(_SURENESS, span) / 100))


def _box(span: ElementTree.Element) -> Box | None:
    found = _BOX.search(span.get("title", ""))
    return Box(*map(float, found.groups())) if found else None


def _number(pattern: re.Pattern[str], span: ElementTree.Element, *, absent: float = 0.0) -> float:
    """What the title says."""
    found = pattern.search(span.get("title", ""))
    return float(found[1]) if found else absent


def _quad(box: Box, slope: float, turns: int) -> Quad:
    """The tilted rectangle whose bounds the box is; the box itself where no such one has any height."""
    x0, y0, x1, y1 = box
    rise = abs(slope) * box.width
    if not _LEAST_RISE_PX <= rise < _MOST_RISE * box.height:
        corners = box.quad
        return to_quad(corners[-turns:] + corners[:-turns])
    if slope > 0:
        return to_quad(((x0, y0), (x1, y0 + rise), (x1, y1), (x0, y1 - rise)))
    return to_quad(((x0, y0 + rise), (x1, y0), (x1, y1 - rise), (x0, y1)))


def tilt_degrees(lines: Iterable[Found]) -> float:
    """Median slope of the lines that run across, each as heavy as it is wide, degrees; 0 for none."""
    weighed = sorted((each.slope, bounds([each.line.box]).width) for each in lines if not each.turns)
    half = sum(width for _, width in weighed) / 2
    for slope, width in weighed:
        half -= width
        if half <= 0:
            return math.degrees(math.atan(slope))
    return 0.0


def turns_of(lines: Iterable[Found]) -> int:
    """Clockwise quarter turns that make most of the letters upright; 0 for no lines."""
    letters = Counter[int]()
    for each in lines:
        letters[each.turns] += len(each.line.text)
    return max(letters, key=lambda turns: letters[turns], default=0)
