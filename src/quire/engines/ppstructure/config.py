"""Where PP-StructureV3 runs, and with which pipeline."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

RunnerName = Literal["serving", "local"]


@dataclass(frozen=True, slots=True)
class PpStructureConfig:
    """Settings of the engine `ppstructure`.

    Attributes:
        runner: "serving" asks a server of PaddleX; "local" runs the package `paddleocr` in this process.
        url: base address of that server.
        pipeline: YAML in PP-StructureV3's own form; the pipeline as its publishers set it when absent.
        timeout_s: of a server, for one page, from the first try to the last byte.
        in_flight: most pages that the server is given at once by one process. PaddleX's basic server computes one
            after the other: a second page is on its way meanwhile.
    """

    runner: RunnerName = "serving"
    url: str = "http://127.0.0.1:8080"
    pipeline: Path | None = None
    timeout_s: float = 120.0
    in_flight: int = 2
