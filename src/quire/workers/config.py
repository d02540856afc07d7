"""What the pool is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from quire.engines.ppstructure.config import PpStructureConfig
from quire.engines.tesseract.config import TesseractConfig
from quire.engines.vlm.config import VlmConfig
from quire.limits import DEFAULT_LIMITS, Limits


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """Settings of a pool and of each of its workers.

    Attributes:
        processes: workers; each reads as many pages at once as its engine takes: one, if it computes here.
        engine, runtime, threads, streams, models_dir, layout, vlm, ppstructure, tesseract: as in
            `engines.registry.create`, for each worker.
        limits: what one document may cost.
        page_timeout_s: for one try of one page, or of opening a document; the worker is killed after it.
        heartbeat_s: how often a worker says that it lives, and how large it is.
        silence_s: a worker that says nothing for so long hangs, and is killed.
        recycle_after_pages: after so many pages a worker is replaced.
        recycle_rss_bytes: a worker larger than this between two pages is replaced.
        kill_rss_bytes: a worker larger than this is killed, whatever it is doing.
        start_timeout_s: for the engine to load.
        drain_timeout_s: for pages in flight to finish when the pool stops.
        engine_factory: "module:function", called as `engines.registry.create` is.
    """

    processes: int = 1
    engine: str = "ppocr"
    runtime: str = "auto"
    threads: int | None = None
    streams: int | None = None
    models_dir: Path | None = None
    layout: str = "auto"
    vlm: VlmConfig = field(default_factory=VlmConfig)
    ppstructure: PpStructureConfig = field(default_factory=PpStructureConfig)
    tesseract: TesseractConfig = field(default_factory=TesseractConfig)
    limits: Limits = DEFAULT_LIMITS
    page_timeout_s: float = 120.0
    heartbeat_s: float = 1.0
    silence_s: float = 20.0
    recycle_after_pages: int = 2000
    recycle_rss_bytes: int = 1_500_000_000
    kill_rss_bytes: int = 4_000_000_000
    start_timeout_s: float = 120.0
    drain_timeout_s: float = 30.0
    engine_factory: str = "quire.engines.registry:create"
