"""The real server around an engine whose speed and start are known, for tests of load, leaving and stopping.

Run as a program it serves. Its page workers import it for `create`, and learn from the environment: FAKE_PAGE_S and
FAKE_START_S are seconds; FAKE_FAULT is one of the faults below, for every page, or several for single ones:
"crash@7,hang@9". Each page that is begun adds a line to the file FAKE_LOG: its document and its number, which
`numbered_tiff` draws into its first pixels.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from quire.document import Line
from quire.engines.base import EngineInfo, PageReading
from quire.errors import EngineFailed, EngineStartError, ModelMissing
from quire.options import ReadOptions
from quire.sources.base import PageImage


class FakeEngine:
    """Reads one line from any page, after a pause."""

    info = EngineInfo("ppocr", "1", ("text", "locate"), ("en",), "none")
    concurrency = 1

    def __init__(self) -> None:
        self._page_s = float(os.environ["FAKE_PAGE_S"])
        self._start_s = float(os.environ["FAKE_START_S"])
        self._faults = _by_page(os.environ.get("FAKE_FAULT", ""))
        self._log = Path(os.environ["FAKE_LOG"])

    def start(self) -> None:
        time.sleep(self._start_s)
        if self._faults.get("all") == "start":
            raise ModelMissing("the model x is not on this machine: run `quire models pull x`")

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        document, number = (_value(image.pixels[0, column]) for column in (0, 1))
        with self._log.open("a") as log:
            log.write(f"{document} {number}\n")
        time.sleep(self._page_s)
        fault = self._faults.get(str(number), self._faults.get("all"))
        if fault in _FAULTS:
            _FAULTS[fault]()
        line = Line(f"page {number}", ((2, 2), (30, 2), (30, 9), (2, 9)), 0.95)
        warnings = ("it was dark",) if fault == "warn" else ()
        return PageReading(image.width, image.height, 0, 0.0, "en", (line,), warnings)

    def close(self) -> None:
        pass


def numbered_tiff(pages: int, document: int) -> bytes:
    """A document whose pages tell the engine which they are."""
    frames = []
    for number in range(1, pages + 1):
        frame = Image.new("RGB", (60, 30), "white")
        frame.putpixel((0, 0), _colour(document))
        frame.putpixel((1, 0), _colour(number))
        frames.append(frame)
    file = io.BytesIO()
    frames[0].save(file, "TIFF", save_all=True, append_images=frames[1:], compression="tiff_lzw")
    return file.getvalue()


def _colour(value: int) -> tuple[int, int, int]:
    return value >> 16, value >> 8 & 255, value & 255


def _value(pixel: NDArray[np.uint8]) -> int:
    blue, green, red = map(int, pixel)
    return red << 16 | green << 8 | blue


def _by_page(faults: str) -> dict[str, str]:
    pairs = (fault.partition("@") for fault in faults.split(",") if fault)
    return {page or "all": name for name, _, page in pairs}


def _raise(error: Exception) -> Callable[[], NoReturn]:
    def fault() -> NoReturn:
        raise error

    return fault


def _grow() -> None:
    block = b"x" * 250_000_000
    time.sleep(600)
    del block


_FAULTS: dict[str, Callable[[], Any]] = {
    "engine": _raise(EngineStartError("the engine broke: restart the server")),
    "run": _raise(EngineFailed("the network cannot be run: use fewer streams")),
    "bug": _raise(SystemError("secret internals")),
    "crash": lambda: os._exit(9),
    "hang": lambda: time.sleep(600),
    "grow": _grow,
}
"""Besides "start" (the engine does not start) and "warn" (the page is read with a warning)."""


def create(name: str, **_: Any) -> FakeEngine:
    """What page workers call in place of the engines' registry."""
    return FakeEngine()


def main() -> None:
    from quire.api import logs
    from quire.api.app import create_app
    from quire.assembly.backend import worker_config
    from quire.cli.serve import run_server
    from quire.settings import Settings

    settings = Settings.load(port=0)
    logs.configure("json", "info")
    config = replace(worker_config(settings), engine_factory="fake_server:create", heartbeat_s=0.1)
    run_server(create_app(settings, config), settings)


if __name__ == "__main__":
    main()
