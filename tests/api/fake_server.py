"""The real server around an engine whose speed and start are known, for tests of load, leaving and stopping.

Run as a program it serves. Its page workers import it for `create`, and learn from the environment: FAKE_PAGE_S and
FAKE_START_S are seconds; FAKE_FAULT is "engine" (the engine breaks for good), "run" (every run fails), "bug" (an
error that nobody foresaw), "start" (the engine does not start) or "crash" (reading ends the worker). Each page that
is begun adds a line to the file FAKE_LOG.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from quire.document import Line
from quire.engines.base import EngineInfo, PageReading
from quire.errors import EngineFailed, EngineStartError, ModelMissing
from quire.options import ReadOptions
from quire.sources.base import PageImage


class FakeEngine:
    """Reads one line from any page, after a pause."""

    info = EngineInfo("ppocr", "1", ("text",), ("en",), "none")
    concurrency = 1

    def __init__(self) -> None:
        self._page_s = float(os.environ["FAKE_PAGE_S"])
        self._start_s = float(os.environ["FAKE_START_S"])
        self._fault = os.environ.get("FAKE_FAULT", "")
        self._log = Path(os.environ["FAKE_LOG"])

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
        if self._fault == "crash":
            os._exit(9)
        line = Line("known text", ((10, 10), (90, 10), (90, 30), (10, 30)), 0.95)
        return PageReading(image.width, image.height, 0, 0.0, "en", (line,))

    def close(self) -> None:
        pass


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
    config = replace(worker_config(settings), engine_factory="fake_server:create")
    run_server(create_app(settings, config), settings)


if __name__ == "__main__":
    main()
