"""PaddleOCR-VL's spotted lines: a text, then eight `<|LOC_n|>`, the corners of its box in thousandths of the image."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from quire.document import Line
from quire.engines.vlm.parsing.inline import plain, without_marks
from quire.engines.vlm.parsing.parsed import UNKNOWN_CONFIDENCE, Parsed
from quire.geometry import Quad

GRID: Final = 1000

_CORNERS: Final = re.compile(r"((?:<\|LOC_\d{1,4}\|>){1,32})")
_NUMBER: Final = re.compile(r"\d+")
_MAX_LINES: Final = 5_000
_CUT: Final = "a line that the model named has no box: the end of the page may be missing"
_NO_BOXES: Final = "the model named no boxes"


def parse_spotting(text: str, width: int, height: int) -> Parsed:
    """Lines with their boxes on an image `width` × `height` pixels large; their layout is left to geometry."""
    parts = _CORNERS.split(text)
    lines = tuple(_lines(parts, width, height))[:_MAX_LINES]
    unplaced = bool(plain(without_marks(parts[-1])))
    warnings = ((_CUT if lines else _NO_BOXES),) if unplaced else ()
    return Parsed(lines=lines, warnings=warnings, valid=not unplaced)


def _lines(parts: list[str], width: int, height: int) -> Iterator[Line]:
    for said, corners in zip(parts[::2], parts[1::2], strict=False):
        words = " ".join(plain(without_marks(said)).split("\n"))
        numbers = [min(int(number), GRID) for number in _NUMBER.findall(corners)]
        if words and len(numbers) >= 8:
            yield Line(words, _quad(numbers, width / GRID, height / GRID), UNKNOWN_CONFIDENCE)


def _quad(numbers: list[int], per_x: float, per_y: float) -> Quad:
    (a, b, c, d) = ((round(numbers[at] * per_x, 1), round(numbers[at + 1] * per_y, 1)) for at in (0, 2, 4, 6))
    return (a, b, c, d)
