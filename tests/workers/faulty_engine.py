"""An engine with known faults, for worker processes: the shade of grey of a page's first pixel is its number.

The engine's name says what goes wrong at which page: "crash@2,once-hang@5,bug@start". Its folder for models is
where it leaves marks for the test: files named after what happened.
"""

from __future__ import annotations

import ctypes
import logging
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from quire.document import Line
from quire.engines.base import EngineInfo, PageReading
from quire.engines.ppstructure.config import PpStructureConfig
from quire.engines.tesseract.config import TesseractConfig
from quire.engines.vlm.config import VlmConfig
from quire.errors import Cancelled, EngineFailed, EngineStartError, ModelMissing, UnknownLanguage
from quire.options import ReadOptions
from quire.sources.base import PageImage


def create(
    name: str,
    *,
    runtime: str,
    threads: int | None,
    streams: int | None,
    models_dir: Path | None,
    layout: str,
    vlm: VlmConfig,
    ppstructure: PpStructureConfig,
    tesseract: TesseractConfig,
) -> FaultyEngine:
    """As `quire.engines.registry.create`."""
    if models_dir is None:
        raise EngineStartError("give it a folder for its marks")
    return FaultyEngine(name, models_dir, streams or 1)


class FaultyEngine:
    concurrency = 1

    def __init__(self, faults: str, marks: Path, pages_at_once: int) -> None:
        self.info = EngineInfo("faulty", "1", ("text",), ("en",), "none", {"net": "abc"}, pages_at_once=pages_at_once)
        pairs = (fault.split("@") for fault in faults.split(",") if fault)
        self._faults = {where: what for what, where in pairs}
        self._marks = marks

    def start(self) -> None:
        fault = self._faults.get("start")
        if fault is not None:
            self._go_wrong(fault, "start")

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        number = int(image.pixels[0, 0, 0])
        with (self._marks / f"read-{number}").open("a") as reads:
            reads.write("x")
        fault = self._faults.get(str(number), self._faults.get("all"))
        if fault == "patient":
            self._wait_for_others(str(number), stop)
        elif fault is not None:
            self._go_wrong(fault, str(number))
        line = Line(f"page {number}", ((1, 1), (30, 1), (30, 9), (1, 9)), 0.9)
        warnings = ("it was dark",) if fault == "warn" else ()
        return PageReading(image.width, image.height, 0, 0.0, "en", (line,), warnings, {"recognise": 0.5})

    def close(self) -> None:
        pass

    def _wait_for_others(self, where: str, stop: Event | None) -> None:
        """As an engine that asks another server does: until that answers, or nobody wants to know any more."""
        (self._marks / f"waiting-{where}").touch()
        while not (self._marks / f"gate-{where}").exists():
            if stop is not None and stop.wait(0.01):
                (self._marks / f"stopped-{where}").touch()
                raise Cancelled("nobody waits for this")

    def _go_wrong(self, fault: str, where: str) -> None:
        once = fault.removeprefix("once-")
        if once == fault or _first_time(self._marks, f"{fault}-{where}"):
            _FAULTS[once](self._marks, where)


def _first_time(marks: Path, name: str) -> bool:
    """Whether nothing of that name has happened yet; from now on it has."""
    try:
        (marks / name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _crash(marks: Path, name: str) -> None:
    os._exit(3)


def _segfault(marks: Path, name: str) -> None:
    ctypes.string_at(0)


def _hang(marks: Path, name: str) -> None:
    time.sleep(600)


def _hang_natively(marks: Path, name: str) -> None:
    """Keeps the interpreter's lock all the time: no other thread of the process runs."""
    re.match(r"(a*)*b", "a" * 60)


def _grow(marks: Path, name: str) -> None:
    blocks = []
    while True:
        blocks.append(bytearray(b"x" * 20_000_000))
        time.sleep(0.01)


def _swell(marks: Path, name: str) -> None:
    """Stays large after the page."""
    _KEPT.append(bytearray(b"x" * 200_000_000))


def _wait(marks: Path, name: str) -> None:
    (marks / f"waiting-{name}").touch()
    for _ in range(3000):
        if (marks / f"gate-{name}").exists():
            return
        time.sleep(0.01)


def _dawdle(marks: Path, name: str) -> None:
    time.sleep(0.005)


def _log(marks: Path, name: str) -> None:
    log = logging.getLogger("quire.faulty")
    log.debug("not wanted")
    for count in range(300):
        log.warning("line %d", count)


def _break_opening(marks: Path, name: str) -> None:
    """From now on the process ends when it opens a document."""
    from quire.workers import shelf

    shelf.open_source = lambda *_, **__: os._exit(3)  # type: ignore[assignment]


def _babble(marks: Path, name: str) -> None:
    """Writes into the socket to the server what no server understands."""
    os.write(int(sys.argv[1]), b"\x00\x00\x00\x02\x00\x00\x00\x00[]")
    time.sleep(600)


def _raise(error: Exception) -> Callable[[Path, str], None]:
    def fault(marks: Path, name: str) -> None:
        raise error

    return fault


def _missing_until_pulled(marks: Path, name: str) -> None:
    if not (marks / "pulled").exists():
        raise ModelMissing("run `quire models pull net`")


def _warn(marks: Path, name: str) -> None:
    pass


_KEPT: list[Any] = []

_FAULTS: dict[str, Callable[[Path, str], None]] = {
    "crash": _crash,
    "segfault": _segfault,
    "hang": _hang,
    "hang-natively": _hang_natively,
    "grow": _grow,
    "swell": _swell,
    "wait": _wait,
    "dawdle": _dawdle,
    "break-opening": _break_opening,
    "babble": _babble,
    "log": _log,
    "warn": _warn,
    "fail": _raise(EngineFailed("memory ran out")),
    "bug": _raise(ZeroDivisionError("secret internals")),
    "unknown-language": _raise(UnknownLanguage("no such language")),
    "missing-until-pulled": _missing_until_pulled,
}
