"""RapidOCR as it comes: by default on ONNX Runtime, or on OpenVINO; with or without its classifier."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quire.bench.extras import missing_extra
from quire.errors import CapabilityMissing


class Rapid:
    """One RapidOCR. Its OpenVINO sessions share an infer request, so it gets one page at a time."""

    concurrency = 1
    in_process = True

    def __init__(self, engine: str, *, classify: bool) -> None:
        self._engine = engine
        self._classify = classify
        self._reader: Any = None

    def start(self) -> None:
        """Makes the reader; its networks are loaded with the first page."""
        if find_spec(self._engine) is None:
            raise CapabilityMissing(f"not installed: `pip install {self._engine}`")
        try:
            from rapidocr import EngineType, RapidOCR
        except ImportError as exc:
            raise missing_extra(exc) from exc
        engine = EngineType(self._engine)
        self._reader = RapidOCR(
            params={
                "Global.use_cls": self._classify,
                "Global.log_level": "error",
                "Det.engine_type": engine,
                "Cls.engine_type": engine,
                "Rec.engine_type": engine,
            }
        )

    def read(self, image: NDArray[np.uint8]) -> str:
        """Its lines in its own order, one a row."""
        return "\n".join(self._reader(image).txts or ())

    def close(self) -> None:
        self._reader = None
