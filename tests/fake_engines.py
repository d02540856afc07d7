"""Engines with known faults, and a page number that they see: the shade of grey of the page's first pixel."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Event, Lock

from quire.document import Line
from quire.engines.base import EngineInfo, PageReading
from quire.options import ReadOptions
from quire.sources.base import PageImage

SHADE = 10
"""Page 1 is this grey, page 2 twice as light, and so on."""


class CountingEngine:
    """Reads "page N" from page N and counts what it begins and ends.

    Args:
        faults: what to raise, by page number.
        gate: pages after the first wait for it.
    """

    info = EngineInfo("counting", "1", ("text",), ("en",), "none")

    def __init__(
        self, concurrency: int = 2, faults: Mapping[int, Exception] | None = None, gate: Event | None = None
    ) -> None:
        self.concurrency = concurrency
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.second_page_begun = Event()
        self.closed = False
        self._faults = faults or {}
        self._gate = gate
        self._lock = Lock()

    def start(self) -> None:
        pass

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        number = round(int(image.pixels[0, 0, 0]) / SHADE)
        with self._lock:
            self.begun.append(number)
        if self._gate is not None and number > 1:
            self.second_page_begun.set()
            self._gate.wait(timeout=20)
        with self._lock:
            self.ended.append(number)
        if number in self._faults:
            raise self._faults[number]
        line = Line(f"page {number}", ((1, 1), (30, 1), (30, 9), (1, 9)), 0.9)
        return PageReading(image.width, image.height, 0, 0.0, "en", (line,))

    def close(self) -> None:
        self.closed = True
