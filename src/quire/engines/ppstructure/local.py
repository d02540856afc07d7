"""PP-StructureV3 in this process, by the package `paddleocr` where it is installed.

Page workers are processes of their own: what the package takes of memory, or breaks, is one worker's.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from threading import Event, Lock
from typing import Any, Final

from quire.engines.ppstructure.pipeline_file import PipelineFile
from quire.errors import Cancelled, CapabilityMissing, EngineFailed, EngineStartError
from quire.sources.base import PageImage

INSTALL: Final = 'pip install "paddleocr[doc-parser]" paddlepaddle'
_LOOK_S: Final = 0.1


class LocalRunner:
    """The pipeline itself. It reads one page at a time: its networks are not made for several threads."""

    pages_at_once = 1

    def __init__(self, pipeline: PipelineFile) -> None:
        self._file = pipeline
        self._pipeline: Any = None
        self._lock = Lock()

    @property
    def version(self) -> str:
        """Versions of the packages, whose results differ."""
        return ".".join(map(_version, ("paddleocr", "paddlex")))

    @property
    def runtime(self) -> str:
        return f"paddleocr {_version('paddleocr')} (local)"

    def start(self) -> None:
        """Loads the models; the package downloads those that it does not have.

        Raises:
            CapabilityMissing: the package is not installed.
            EngineStartError: the pipeline cannot be built.
        """
        try:
            package = importlib.import_module("paddleocr")
        except ImportError as exc:
            raise CapabilityMissing(
                f"the package paddleocr is not installed here: run `{INSTALL}`, or set `ppstructure.runner` to serving"
            ) from exc
        try:
            self._pipeline = package.PPStructureV3(paddlex_config=dict(self._file.tree) or None)
        except Exception as exc:
            raise EngineStartError(
                "PP-StructureV3 cannot be built: see that its weights are there or can be downloaded, that "
                f"`{INSTALL}` is complete, and that the pipeline file names models that exist"
            ) from exc

    def parse(self, image: PageImage, asked: Mapping[str, Any], stop: Event | None = None) -> object:
        """What the pipeline says of a page; see `ServingRunner.parse`. A page that has begun is read to its end.

        Raises:
            Cancelled: `stop` was set before the page's turn came.
            EngineFailed: the pipeline failed.
        """
        while not self._lock.acquire(timeout=_LOOK_S):
            if stop is not None and stop.is_set():
                raise Cancelled("whoever asked has left")
        try:
            # It paints over formulas while it looks for text.
            (result,) = self._pipeline.predict(image.pixels.copy(), **asked)
            return result.json["res"]
        except Exception as exc:
            raise EngineFailed("PP-StructureV3 failed on the page: read it with the engine 'ppocr'") from exc
        finally:
            self._lock.release()

    def close(self) -> None:
        if self._pipeline is not None:
            self._pipeline.close()
            self._pipeline = None


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
