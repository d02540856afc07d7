"""PP-StructureV3: whether its server or its package is there, and what of the pipeline file holds."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from quire.doctor.finding import Finding
from quire.engines.ppstructure.config import PpStructureConfig, RunnerName
from quire.engines.ppstructure.local import INSTALL
from quire.engines.ppstructure.pipeline_file import load_pipeline, shortly
from quire.engines.ppstructure.serving import ServingRunner
from quire.errors import QuireError

_FILE: Final = "ppstructure pipeline"
_REMEDIES: Final[dict[RunnerName, str]] = {
    "serving": "start the PaddleX server with that file",
    "local": "correct these keys, or take them out",
}


def ppstructure(config: PpStructureConfig) -> Iterator[Finding]:
    """What the engine `ppstructure` needs. The package is not imported, which takes half a minute."""
    yield _pipeline(config)
    yield _package() if config.runner == "local" else _server(config)


def _pipeline(config: PpStructureConfig) -> Finding:
    if config.pipeline is None:
        return Finding(_FILE, "ok", "none: the pipeline as its publishers set it")
    try:
        unhonoured = load_pipeline(config.pipeline).unhonoured(config.runner)
    except QuireError as exc:
        return Finding(_FILE, "warning", "cannot be used", exc.detail)
    if not unhonoured:
        return Finding(_FILE, "ok", "all of it holds")
    return Finding(_FILE, "warning", f"{shortly(unhonoured)}: not honoured", _REMEDIES[config.runner])


def _server(config: PpStructureConfig) -> Finding:
    runner = ServingRunner(config)
    try:
        runner.start()
    except QuireError as exc:
        return Finding("ppstructure server", "missing", config.url, exc.detail)
    finally:
        runner.close()
    return Finding("ppstructure server", "ok", f"{config.url} is well")


def _package() -> Finding:
    try:
        return Finding("paddleocr", "ok", version("paddleocr"))
    except PackageNotFoundError:
        return Finding("paddleocr", "missing", "not installed", INSTALL)
