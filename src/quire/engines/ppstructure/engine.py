"""An engine whose pages are read by PP-StructureV3."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from threading import Event
from typing import Any, Final, Protocol

import numpy as np

from quire.engines.base import EngineInfo, PageReading
from quire.engines.ppocr.upright import skew_degrees
from quire.engines.ppstructure.answers import page_answer
from quire.engines.ppstructure.config import PpStructureConfig, RunnerName
from quire.engines.ppstructure.lines import Frame
from quire.engines.ppstructure.local import LocalRunner
from quire.engines.ppstructure.page import page_of
from quire.engines.ppstructure.pipeline_file import PipelineFile, load_pipeline, shortly
from quire.engines.ppstructure.serving import ServingRunner
from quire.engines.ppstructure.switches import asked, settings_of
from quire.errors import UnknownLanguage
from quire.options import ReadOptions, Task
from quire.release import version
from quire.sources.base import PageImage

_log = logging.getLogger(__name__)

_VERSION: Final = "1"
"""Part of the engine's version: raise it whenever the code reads differently."""

_UNHONOURED: Final[dict[RunnerName, str]] = {
    "serving": "keys of the pipeline file that are the PaddleX server's own, unless it was started with that file: %s",
    "local": "keys of the pipeline file that cannot hold, or are not known here: %s",
}
_LANGUAGES: Final = ("en", "ja", "zh", "zh-hant")
"""Of the recognizer that the pipeline comes with."""


class Runner(Protocol):
    """Where the pipeline runs."""

    @property
    def runtime(self) -> str: ...

    @property
    def version(self) -> str:
        """What results depend on, besides the pipeline file."""
        ...

    @property
    def pages_at_once(self) -> int: ...

    def start(self) -> None: ...

    def parse(self, image: PageImage, asked: Mapping[str, Any], stop: Event | None = None) -> object: ...

    def close(self) -> None: ...


class PpStructureEngine:
    """PP-StructureV3 behind a runner; see `create_ppstructure`."""

    def __init__(self, runner: Runner, pipeline: PipelineFile) -> None:
        self._runner = runner
        self._pipeline = pipeline
        self._settings = settings_of(pipeline.values)

    @property
    def info(self) -> EngineInfo:
        return EngineInfo(
            name="ppstructure",
            version=f"{version()}.{_VERSION}+{self._pipeline.digest[:8] or 'default'}.{self._runner.version}",
            tasks=tuple(Task),
            languages=_LANGUAGES,
            runtime=self._runner.runtime,
            pages_at_once=self._runner.pages_at_once,
        )

    @property
    def concurrency(self) -> int:
        return self._runner.pages_at_once

    def start(self) -> None:
        """Meets the server, or loads the models.

        Raises:
            EngineError: there is none, or they cannot be loaded.
        """
        self._runner.start()

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        """Reads one page; see `Engine.read`.

        Raises:
            Cancelled: `stop` was set.
            UnknownLanguage: the pipeline's recognizer does not know the language.
            EngineFailed: the pipeline failed, or answered in a form that is not known.
            Overloaded: its server is busy.
        """
        self._require(options)
        started = time.monotonic()
        wanted = asked(self._settings, options, turns_pages=self._pipeline.turns_pages)
        answer = page_answer(self._runner.parse(image, wanted, stop))
        frame = Frame.of(answer, image.width, image.height)
        parsed = page_of(answer, frame)
        return PageReading(
            width=frame.width,
            height=frame.height,
            rotation=90 * frame.turns,
            skew_degrees=skew_degrees(np.array([line.box for line in parsed.lines], np.float32)),
            language=options.language,
            lines=parsed.lines,
            timings={"model": time.monotonic() - started},
            blocks=parsed.blocks,
            tables=parsed.tables,
            figures=parsed.figures,
        )

    def close(self) -> None:
        self._runner.close()

    def _require(self, options: ReadOptions) -> None:
        self.info.require(options)
        if not self.info.knows(options.language):
            raise UnknownLanguage(
                f"the engine 'ppstructure' does not know the language '{options.language}': use 'auto', or name a "
                "recognizer for it in the pipeline file and use 'auto'"
            )


def create_ppstructure(config: PpStructureConfig) -> PpStructureEngine:
    """An engine, not started. Keys of the pipeline file that its runner cannot honour are named in the log.

    Raises:
        InvalidOption: the pipeline file cannot be used.
    """
    pipeline = load_pipeline(config.pipeline) if config.pipeline else PipelineFile()
    if unhonoured := pipeline.unhonoured(config.runner):
        _log.warning(_UNHONOURED[config.runner], shortly(unhonoured))
    runner: Runner = LocalRunner(pipeline) if config.runner == "local" else ServingRunner(config)
    return PpStructureEngine(runner, pipeline)
