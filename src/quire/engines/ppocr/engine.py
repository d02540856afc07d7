"""The PP-OCR engine: one page image → upright page, lines, words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import numpy as np

from quire.engines.base import EngineInfo, PageReading
from quire.engines.ppocr.detector import Detector
from quire.engines.ppocr.graphs import detector_graph, recognizer_parts
from quire.engines.ppocr.page import PageReader
from quire.engines.ppocr.recognizer import Recognizer
from quire.models import catalog
from quire.models.languages import find_language, languages
from quire.models.store import ModelStore
from quire.options import ReadOptions, Task
from quire.release import version
from quire.runtimes.base import Runtime, Shapes
from quire.sources.base import PageImage

_VERSION = "2"
"""Part of the engine's version: raise it whenever the code reads differently."""


class PPOcrEngine:
    """PP-OCRv6, and PP-OCRv5's recognizers for other scripts.

    Args:
        runtime: loads the networks.
        store: where their weights are.
        size: of PP-OCRv6: "tiny", "small" or "medium".
    """

    def __init__(self, runtime: Runtime, store: ModelStore, *, size: catalog.Size = "small") -> None:
        self._runtime = runtime
        self._store = store
        self._size = size
        self._detector_entry = catalog.entry(f"ppocrv6-det-{size}")
        self._default_entry = catalog.entry(f"ppocrv6-rec-{size}")
        self._executor = ThreadPoolExecutor(runtime.streams, thread_name_prefix="quire-network")
        self._recognizers: dict[str, Recognizer] = {}
        self._lock = Lock()
        self.info = EngineInfo(
            name="ppocr",
            version=f"{version()}.{_VERSION}+{self._detector_entry.sha256[:8]}.{self._default_entry.sha256[:8]}",
            tasks=tuple(Task),
            languages=tuple(language.code for language in languages()),
            runtime=f"{runtime.name} {runtime.version} ({runtime.device})",
            notes={"figure": "the labels and numbers inside a picture, grouped by position; not a description of it"},
            models={entry.name: entry.sha256 for entry in (self._detector_entry, self._default_entry)},
        )

    @property
    def concurrency(self) -> int:
        return self._runtime.streams

    def start(self) -> None:
        """Loads the default networks and reads an empty page.

        Raises:
            EngineError: weights are missing, or the runtime cannot load them.
        """
        self._detector = Detector(
            self._runtime.load(
                detector_graph(self._store.require(self._detector_entry)),
                Shapes(specialise_after=2, most_special=1),
            )
        )
        recognizer = self._recognizer(self._default_entry)
        blank = np.full((64, 64, 3), 255, np.uint8)
        strips = recognizer.strips(blank, np.array([[[0, 0], [60, 0], [60, 20], [0, 20]]], np.float32), 1.0)
        recognizer.read(strips, recognizer.vocabularies["latin"])

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        """Reads one page; see `Engine.read`."""
        language = None if options.language == "auto" else find_language(options.language)
        recognizer = self._recognizer(language.recognizer(self._size) if language else self._default_entry)
        return PageReader(self._detector, recognizer, language, options).read(image)

    def close(self) -> None:
        self._executor.shutdown(wait=True)

    def _recognizer(self, entry: catalog.ModelEntry) -> Recognizer:
        with self._lock:
            if entry.name not in self._recognizers:
                parts = recognizer_parts(self._store.require(entry))
                self._recognizers[entry.name] = Recognizer(self._runtime, parts, self._executor)
            return self._recognizers[entry.name]
