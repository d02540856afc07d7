"""The library's front door: one call that reads a document, on an engine that is loaded once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from quire.document import Document
from quire.engines import registry
from quire.engines.ppstructure.config import PpStructureConfig
from quire.engines.tesseract.config import TesseractConfig
from quire.engines.vlm.config import VlmConfig
from quire.limits import DEFAULT_LIMITS, Limits
from quire.options import ReadOptions
from quire.reader import Reader


def read(document: bytes | str | Path, *, name: str | None = None, **options: Any) -> Document:
    """Reads a PDF or an image.

    The first call loads the engine, which takes about a second; the next ones share it. Threads may call it at once.

    Args:
        document: the file's bytes, or its path.
        name: shown in the result; the file's name when absent.
        **options: as in `ReadOptions`, for example `pages="1-3"`, `language="de"`, `strategy="accuracy"`.

    Raises:
        QuireError: the document cannot be read at all, or an option is wrong. A page that fails alone is in
            `Document.errors`.
    """
    chosen = ReadOptions.of(**options)
    return _shared_reader(chosen.engine).read(document, chosen, name=name)


def open_reader(
    engine: str = "ppocr",
    *,
    runtime: str = "auto",
    threads: int | None = None,
    streams: int | None = None,
    models_dir: Path | None = None,
    layout: str = "auto",
    vlm: VlmConfig | None = None,
    ppstructure: PpStructureConfig | None = None,
    tesseract: TesseractConfig | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Reader:
    """A reader of one's own, its engine started: for settings that `read` does not offer, and to close it.

    The arguments are those of `engines.registry.create`.

    Raises:
        EngineError: there is no such engine, or it cannot start.
    """
    started = registry.create(
        engine,
        runtime=runtime,
        threads=threads,
        streams=streams,
        models_dir=models_dir,
        layout=layout,
        vlm=vlm,
        ppstructure=ppstructure,
        tesseract=tesseract,
    )
    started.start()
    return Reader(started, limits=limits)


@lru_cache(maxsize=4)
def _shared_reader(engine: str) -> Reader:
    return open_reader(engine)
