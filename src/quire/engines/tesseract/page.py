"""One page: what it says, and which way up it is, found by reading it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.document import Line
from quire.engines.tesseract.command import Command
from quire.engines.tesseract.hocr import lines_of, tilt_degrees, turns_of
from quire.engines.tesseract.installation import ORIENTATION

Grey = NDArray[np.uint8]
"""(height, width) uint8."""

_TURN: Final = re.compile(r"Rotate: (0|90|180|270)\n")
_SURENESS: Final = re.compile(r"Orientation confidence: (\d+\.\d+)")

# Letters of 20 pixels tell the way up as well as larger ones, in a third of the time.
_LONG_SIDE_PX: Final = 1600
_SURE: Final = 8.0
_MARGIN: Final = 1.2
_LEGIBLE: Final = 0.6
"""Pages read the wrong way round have 0.3, blurred receipts read the right way 0.7."""

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
        turns_left: as many more would make most of its letters upright: Tesseract reads lines along the page as well.
        skew_degrees: median tilt of the lines, clockwise positive.
    """

    turns: int
    turns_left: int
    lines: tuple[Line, ...]
    skew_degrees: float

    @property
    def confidence(self) -> float:
        """Mean over the letters; 0 when there are none."""
        letters = sum(len(line.text) for line in self.lines)
        return sum(len(line.text) * line.confidence for line in self.lines) / max(letters, 1)

    @property
    def worth(self) -> float:
        """Many letters that were read with certainty."""
        return sum(len(line.text) * line.confidence**2 for line in self.lines)


def read_upright(command: Command, sheet: Sheet, names: Sequence[str], stop: Event | None) -> Text:
    """What stands on the page, read the first way that is legible, else the one that reads best.

    Raises:
        EngineError, Cancelled: as `Command.run`.
    """
    tried: list[Text] = []
    for turns in _ways(command, sheet, stop):
        text = read_as_it_lies(command, sheet, names, stop, turns)
        if text.confidence >= _LEGIBLE:
            upright = (turns + text.turns_left) % 4
            return text if upright == turns else read_as_it_lies(command, sheet, names, stop, upright)
        tried.append(text)
    return max(tried, key=lambda text: text.worth * (1.0 if text.turns else _MARGIN))


def _ways(command: Command, sheet: Sheet, stop: Event | None) -> Iterator[int]:
    """Clockwise quarter turns that may make the page upright: none, and if that is not it, what the shapes of its
    letters say."""
    yield 0
    scale = min(1.0, _LONG_SIDE_PX / max(sheet.grey.shape))
    seen = cv2.resize(sheet.grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else sheet.grey
    said = command.run(["-", "-", "-l", ORIENTATION, "--psm", "0"], _file(np.asarray(seen, np.uint8)), stop).output
    turn, sureness = _TURN.search(said), _SURENESS.search(said)
    if turn is None or sureness is None:
        # There are too few letters, or Tesseract lacks what it needs to tell.
        yield from (2, 1, 3)
        return
    turns = int(turn[1]) // 90
    # Whether lines run across or along the page is clear from far fewer letters than where their top is.
    ways = (turns,) if float(sureness[1]) >= _SURE else (turns, (turns + 2) % 4)
    yield from (way for way in ways if way)


def read_as_it_lies(command: Command, sheet: Sheet, names: Sequence[str], stop: Event | None, turns: int = 0) -> Text:
    """What stands on the page.

    Args:
        turns: clockwise quarters that it is turned by before.
        names: Tesseract's names of languages.

    Raises:
        EngineError, Cancelled: as `Command.run`.
    """
    dpi = ["--dpi", str(round(sheet.dpi))] if sheet.dpi and _DPI[0] <= sheet.dpi <= _DPI[1] else []
    arguments = ["-", "-", "-l", "+".join(names), "--psm", "3", *dpi, "-c", "tessedit_create_hocr=1"]
    found = lines_of(command.run(arguments, _file(sheet.turned(turns).grey), stop).checked())
    return Text(turns, turns_of(found), tuple(each.line for each in found), tilt_degrees(found))


def _file(grey: Grey) -> bytes:
    """The image as a PGM file, which costs nothing to make."""
    height, width = grey.shape
    return b"P5 %d %d 255\n" % (width, height) + grey.tobytes()
