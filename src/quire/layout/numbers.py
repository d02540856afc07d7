"""Line numbers along the margin of transcripts, laws and manuscripts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from quire.layout.sheet import Sheet

_MIN_NUMBERS = 5
_MAX_DIGITS = 4


def line_numbers(sheet: Sheet, lines: Sequence[int]) -> list[int]:
    """Which of the lines are numbers that count the rows from the margin, top to bottom; none on most pages.

    They stand one below the other, count up in equal steps, and no text begins left of them.
    """
    numbers = [line for line in lines if _is_number(sheet.view.lines[line].text)]
    if len(numbers) < _MIN_NUMBERS:
        return []
    margin = median(float(sheet.boxes[line, 2]) for line in numbers)
    column = [line for line in numbers if abs(float(sheet.boxes[line, 2]) - margin) < sheet.height]
    column.sort(key=lambda line: float(sheet.boxes[line, 1]))
    own = set(column)
    others = [float(sheet.boxes[line, 0]) for line in lines if line not in own]
    clear = sum(x0 > margin for x0 in others) >= 0.9 * len(others)
    return column if clear and len(others) >= len(column) / 2 and _counts(sheet, column) else []


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS


def _counts(sheet: Sheet, column: Sequence[int]) -> bool:
    """Whether nearly all steps from one number to the next are the usual one; a misread one is forgiven."""
    steps = [int(sheet.view.lines[b].text) - int(sheet.view.lines[a].text) for a, b in pairwise(column)]
    usual = int(median(steps)) if steps else 0
    return len(column) >= _MIN_NUMBERS and usual > 0 and sum(step == usual for step in steps) >= 0.7 * len(steps)
