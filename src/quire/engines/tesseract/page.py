"""One page, read by two runs of Tesseract: which way up it is, and what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.document import Line
from quire.engines.tesseract.command import Command
from quire.engines.tesseract.hocr import lines_of, tilt_degrees
from quire.errors import EngineFailed

Grey = NDArray[np.uint8]
"""(height, width) uint8."""

_TURN: Final = re.compile(r"Rotate: (0|90|180|270)\n")
_SURENESS: Final = re.compile(r"Orientation confidence: (\d+\.\d+)")

# Letters of 20 pixels tell the way up as well as larger ones, in a third of the time.
_LONG_SIDE_PX: Final = 2200
# On 45 pages laid in three ways each, what was said with more than 4 was right.
_SURE: Final = 8.0
_DPI: Final = (70.0, 2400.0)
"""Tesseract takes no others."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as Tesseract takes it.

    Attributes:
        dpi: None where nobody knows; Tesseract then judges by the letters.
    """

    grey: Grey
    dpi: float | None

    def turned(self, turns: int) -> Sheet:
        """Clockwise, by quarters."""
        return Sheet(np.ascontiguousarray(np.rot90(self.grey, -turns)), self.dpi)


@dataclass(frozen=True, slots=True)
class Text:
    """What one way of laying the page says.

    Attributes:
        turns: clockwise quarters it was turned by.
        skew_degrees: median tilt of the lines, clockwise positive.
    """

    turns: int
    lines: tuple[Line, ...]
    skew_degrees: float

    @property
    def worth(self) -> float:
        """Many letters that were read with certainty."""
        return sum(len(line.text) * line.confidence**2 for line in self.lines)


def ways_up(command: Command, sheet: Sheet, stop: Event | None) -> tuple[int, ...]:
    """Clockwise quarter turns that may make the page upright; several where Tesseract is not sure of another than 0.

    Raises:
        EngineError, Cancelled: as `Command.run`.
    """
    scale = min(1.0, _LONG_SIDE_PX / max(sheet.grey.shape))
    seen = cv2.resize(sheet.grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else sheet.grey
    try:
        said = command.run(["-", "-", "-l", "osd", "--psm", "0"], _file(np.asarray(seen, np.uint8)), stop)
    except EngineFailed:
        return (0,)  # So it ends where there are too few letters to tell.
    turn, sureness = _TURN.search(said), _SURENESS.search(said)
    turns = int(turn[1]) // 90 if turn else 0
    return (turns,) if turns == 0 or (sureness and float(sureness[1]) >= _SURE) else (0, turns)


def read_text(command: Command, sheet: Sheet, names: Sequence[str], turns: int, stop: Event | None) -> Text:
    """What stands on the page once it is turned.

    Args:
        names: Tesseract's names of languages.

    Raises:
        EngineError, Cancelled: as `Command.run`.
    """
    known = sheet.dpi is not None and _DPI[0] <= sheet.dpi <= _DPI[1]
    dpi = ["--dpi", str(round(sheet.dpi))] if known and sheet.dpi else []
    arguments = ["-", "-", "-l", "+".join(names), "--psm", "3", *dpi, "-c", "tessedit_create_hocr=1"]
    found = lines_of(command.run(arguments, _file(sheet.turned(turns).grey), stop))
    return Text(turns, tuple(line for line, _ in found), tilt_degrees(found))


def _file(grey: Grey) -> bytes:
    """The image as a PGM file, which costs nothing to make."""
    height, width = grey.shape
    return b"P5 %d %d 255\n" % (width, height) + grey.tobytes()
