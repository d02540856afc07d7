"""Tesseract as an engine: a process a page, of one thread."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cached_property
from threading import Event
from typing import Final

import cv2
import numpy as np

from quire.document import Line
from quire.engines.base import EngineInfo, PageReading
from quire.engines.tesseract.command import Command
from quire.engines.tesseract.config import TesseractConfig
from quire.engines.tesseract.installation import Installation
from quire.engines.tesseract.page import Sheet, Text, read_as_it_lies, read_upright
from quire.options import OrientationMode, ReadOptions, Task
from quire.release import version
from quire.runtimes.machine import available_cores
from quire.sources.base import PageImage

_VERSION: Final = "1"
"""Part of the engine's version: raise it whenever the code reads differently."""


class TesseractEngine:
    """The program `tesseract`, whose page segmentation and languages are its own.

    Args:
        threads: pages read side by side; as many as there are cores when absent.
    """

    def __init__(self, config: TesseractConfig, *, threads: int | None = None) -> None:
        self._config = config
        self._command = Command(config)
        self.concurrency = threads or available_cores()

    @cached_property
    def _installed(self) -> Installation:
        return Installation.found(self._command)

    @cached_property
    def _default(self) -> str:
        return self._config.languages or self._installed.default

    @cached_property
    def info(self) -> EngineInfo:
        """What is installed, asked for once.

        Raises:
            EngineError: as `start`.
        """
        installed = self._installed
        return EngineInfo(
            name="tesseract",
            version=f"{version()}.{_VERSION}+{installed.version}.{installed.digest}.{self._default.replace('+', '_')}",
            tasks=tuple(Task),
            languages=tuple(installed.languages),
            runtime=f"tesseract {installed.version}",
            notes={"figure": "the labels and numbers inside a picture, grouped by position; not a description of it"},
        )

    def start(self) -> None:
        """Asks the program what it has.

        Raises:
            EngineStartError: it is not installed, or has no language.
            UnknownLanguage: the languages that "auto" shall stand for are not installed.
        """
        self._installed.chosen(self._default)

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        """Reads one page; see `Engine.read`. `language` may name several, as "de+en"."""
        self.info.require(options)
        codes = self._installed.chosen(self._default if options.language == "auto" else options.language)
        names = [self._installed.languages[code] for code in codes]
        sheet = Sheet(np.asarray(cv2.cvtColor(image.pixels, cv2.COLOR_BGR2GRAY), np.uint8), image.dpi)
        read = read_as_it_lies if options.orientation is OrientationMode.NEVER else read_upright
        started = time.perf_counter()
        text = read(self._command, sheet, names, stop)
        seconds = time.perf_counter() - started
        upright = (image.height, image.width) if text.turns % 2 else (image.width, image.height)
        return PageReading(
            *upright,
            rotation=text.turns * 90,
            skew_degrees=text.skew_degrees,
            language="+".join(codes),
            lines=_wanted(text, options),
            timings={"recognize": seconds},
        )

    def close(self) -> None:
        """Nothing runs between pages."""


def _wanted(text: Text, options: ReadOptions) -> tuple[Line, ...]:
    sure = (line for line in text.lines if line.confidence >= options.min_confidence)
    return tuple(sure if options.words else (replace(line, words=()) for line in sure))
