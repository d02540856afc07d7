"""Tesseract's report in hOCR → lines and words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import Final
from xml.etree import ElementTree

from quire.document import Line, Word
from quire.errors import EngineFailed
from quire.geometry import Box, Quad, bounds, to_quad

_SPAN: Final = "{http://www.w3.org/1999/xhtml}span"
_WORD: Final = "ocrx_word"
_BOX: Final = re.compile(r"bbox (\d+) (\d+) (\d+) (\d+)")
_SLOPE: Final = re.compile(r"baseline (-?\d+(?:\.\d+)?) ")
_SURENESS: Final = re.compile(r"x_wconf (\d+)")
_LEAST_RISE_PX: Final = 0.5
_MOST_RISE: Final = 0.9
_NOT_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DENSE: Final = r"[\u2e80-\u2fdf\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60]"
_SPACE_WITHIN: Final = re.compile(f"(?<={_DENSE}) (?={_DENSE})")
"""Han and Kana have no spaces; Tesseract's words are pieces of a few of them."""


def lines_of(report: str) -> tuple[tuple[Line, float], ...]:
    """The lines that hold anything, with words, in Tesseract's order, each with the slope of its baseline (down to
    the right is positive).

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
    found = (_line(span) for span in root.iter(_SPAN) if span.get("class") != _WORD)
    return tuple(line for line in found if line is not None)


def _line(span: ElementTree.Element) -> tuple[Line, float] | None:
    slope = _slope(span)
    words = tuple(_words(span.iterfind(_SPAN), slope))
    if not words:
        return None
    text = _SPACE_WITHIN.sub("", " ".join(word.text for word in words))
    letters = sum(len(word.text) for word in words)
    confidence = sum(word.confidence * len(word.text) for word in words) / letters
    box = _box(span) or bounds(word.box for word in words)
    return Line(text, _quad(box, slope), confidence, words), slope


def _words(spans: Iterable[ElementTree.Element], slope: float) -> Iterator[Word]:
    for span in spans:
        text, box = "".join(span.itertext()).strip(), _box(span)
        sureness = _SURENESS.search(span.get("title", ""))
        if text and box is not None and span.get("class") == _WORD:
            yield Word(text, _quad(box, slope), min(100, int(sureness[1])) / 100 if sureness else 0.0)


def _box(span: ElementTree.Element) -> Box | None:
    found = _BOX.search(span.get("title", ""))
    return Box(*map(float, found.groups())) if found else None


def _slope(span: ElementTree.Element) -> float:
    found = _SLOPE.search(span.get("title", ""))
    return float(found[1]) if found else 0.0


def _quad(box: Box, slope: float) -> Quad:
    """The tilted rectangle whose bounds the box is; the box itself where no such one has any height."""
    rise = abs(slope) * box.width
    if not _LEAST_RISE_PX <= rise < _MOST_RISE * box.height:
        return box.quad
    x0, y0, x1, y1 = box
    if slope > 0:
        return to_quad(((x0, y0), (x1, y0 + rise), (x1, y1), (x0, y1 - rise)))
    return to_quad(((x0, y0 + rise), (x1, y0), (x1, y1 - rise), (x0, y1)))


def tilt_degrees(lines: Iterable[tuple[Line, float]]) -> float:
    """Median slope of the lines, each as heavy as it is wide, degrees; 0 for none."""
    weighed = sorted((slope, bounds([line.box]).width) for line, slope in lines)
    half = sum(width for _, width in weighed) / 2
    for slope, width in weighed:
        half -= width
        if half <= 0:
            return math.degrees(math.atan(slope))
    return 0.0
