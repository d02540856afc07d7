"""The real server around an engine whose speed and start are known, for tests of load, leaving and stopping.

    python fake_server.py PAGE_S START_S [FAULT]

PAGE_S and START_S are seconds; FAULT is "engine" (the engine breaks for good), "run" (every run fails), "bug" (an
error that nobody foresaw) or "start" (the engine does not start). Each page read adds a line to the file PAGES_LOG.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from quire.api import logs
from quire.api.app import create_app
from quire.cli.serve import run_server
from quire.document import Line
from quire.engines.base import EngineInfo, PageReading
from quire.errors import EngineFailed, EngineStartError, ModelMissing
from quire.options import ReadOptions
from quire.reader import Reader
from quire.settings import Settings
from quire.sources.base import PageImage


class FakeEngine:
    """Reads one line from any page, after a pause."""

    info = EngineInfo("ppocr", "1", ("text",), ("en",), "none")
    concurrency = 1

    def __init__(self, page_s: float, start_s: float, fault: str) -> None:
        self._page_s = page_s
        self._start_s = start_s
        self._fault = fault
        self._log = Path(os.environ["PAGES_LOG"])

    def start(self) -> None:
        time.sleep(self._start_s)
        if self._fault == "start":
            raise ModelMissing("the model x is not on this machine: run `quire models pull x`")

    def read(self, image: PageImage, options: ReadOptions) -> PageReading:
        with self._log.open("a") as log:
            log.write("page\n")
        time.sleep(self._page_s)
        if self._fault == "engine":
            raise EngineStartError("the engine broke: restart the server")
        if self._fault == "run":
            raise EngineFailed("the network cannot be run: use fewer streams")
        if self._fault == "bug":
            raise SystemError("secret internals")
        line = Line("known text", ((10, 10), (90, 10), (90, 30), (10, 30)), 0.95)
        return PageReading(image.width, image.height, 0, 0.0, "en", (line,))

    def close(self) -> None:
        with self._log.open("a") as log:
            log.write("closed\n")


def main(page_s: float, start_s: float, fault: str = "") -> None:
    def load() -> Reader:
        engine = FakeEngine(page_s, start_s, fault)
        engine.start()
        return Reader(engine, limits=settings.limits)

    settings = Settings.load(port=0)
    logs.configure("json", "info")
    run_server(create_app(settings, load), settings)


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]), *sys.argv[3:])
