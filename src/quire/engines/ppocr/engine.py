"""The PP-OCR engine: one page image → upright page, lines, words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from quire.document import Line
from quire.engines.base import EngineInfo, PageReading
from quire.engines.ppocr import script, upright
from quire.engines.ppocr.crops import sideways, size
from quire.engines.ppocr.ctc import Characters
from quire.engines.ppocr.detector import Detector, input_size
from quire.engines.ppocr.graphs import detector_graph, recognizer_parts
from quire.engines.ppocr.lines import line_of
from quire.engines.ppocr.recognizer import Recognizer, Strip
from quire.engines.ppocr.upright import turn_image, turned
from quire.models import catalog
from quire.models.languages import Language, find_language, languages
from quire.models.store import ModelStore
from quire.options import OrientationMode, ReadOptions, Strategy
from quire.runtimes.base import Runtime
from quire.sources.base import PageImage

_VERSION = "1"
"""Part of the engine's version: raise it whenever the code reads differently."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What a strategy means.

    Attributes:
        side_px: the detector sees the page at this many squared pixels.
        squeeze: width of long lines relative to their own shape.
    """

    side_px: int
    squeeze: float


_EFFORTS = {
    Strategy.SPEED: Effort(640, 0.6),
    Strategy.BALANCED: Effort(768, 0.7),
    Strategy.ACCURACY: Effort(960, 1.0),
}

# Text lower than this in the detector's view is detected again at a higher resolution.
_SMALL_TEXT_PX = 14
_MAX_SIDE_PX = 2240
_POOR = 0.6


class Stopwatch:
    """Seconds by stage of one page."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start


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
            version=f"{version('quire-ocr')}.{_VERSION}+{self._detector_entry.sha256[:8]}.{self._default_entry.sha256[:8]}",
            tasks=("text",),
            languages=tuple(language.code for language in languages()),
            runtime=f"{runtime.name} {runtime.version} ({runtime.device})",
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
            self._runtime.load(detector_graph(self._store.require(self._detector_entry)), static=True)
        )
        recognizer = self._recognizer(self._default_entry)
        blank = np.full((64, 64, 3), 255, np.uint8)
        strips = recognizer.strips(blank, np.array([[[0, 0], [60, 0], [60, 20], [0, 20]]], np.float32), 1.0)
        recognizer.read(strips, recognizer.vocabularies["latin"])

    def read(self, image: PageImage, options: ReadOptions) -> PageReading:
        """Reads one page; see `Engine.read`."""
        language = None if options.language == "auto" else find_language(options.language)
        recognizer = self._recognizer(language.recognizer(self._size) if language else self._default_entry)
        return _PageReader(self._detector, recognizer, language, options).read(image)

    def close(self) -> None:
        self._executor.shutdown(wait=True)

    def _recognizer(self, entry: catalog.ModelEntry) -> Recognizer:
        with self._lock:
            if entry.name not in self._recognizers:
                parts = recognizer_parts(self._store.require(entry))
                self._recognizers[entry.name] = Recognizer(self._runtime, parts, self._executor)
            return self._recognizers[entry.name]


class _PageReader:
    """The steps of one page."""

    def __init__(
        self, detector: Detector, recognizer: Recognizer, language: Language | None, options: ReadOptions
    ) -> None:
        self._detector = detector
        self._recognizer = recognizer
        self._language = language
        self._options = options
        self._effort = _EFFORTS[options.strategy]
        self._watch = Stopwatch()
        self._vocabulary = _vocabulary_name(language) if language else "full"
        self._known: dict[int, Strip] = {}

    def read(self, image: PageImage) -> PageReading:
        pixels, turns, quads = self._stand_upright(image.pixels)
        with self._watch.measure("recognize"):
            quads, strips, reads, language = self._recognize(pixels, quads)
        with self._watch.measure("words"):
            lines = self._lines(quads, strips, reads)
        return PageReading(
            width=pixels.shape[1],
            height=pixels.shape[0],
            rotation=turns * 90,
            skew_degrees=upright.skew_degrees(quads),
            language=language,
            lines=lines,
            timings=self._watch.seconds,
        )

    def _stand_upright(self, pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], int, NDArray[np.float32]]:
        """The image turned upright, the quarter turns it took, and the text areas on it."""
        quads = self._detect(pixels)
        if self._options.orientation is OrientationMode.NEVER or not len(quads):
            return pixels, 0, quads
        with self._watch.measure("orient"):
            turns = upright.quarter_turns(quads, lambda chosen, way: self._try(pixels, quads, chosen, way))
        if turns:
            pixels = turn_image(pixels, turns)
            quads = self._detect(pixels)
            self._known.clear()
        return pixels, turns, quads

    def _try(
        self, pixels: NDArray[np.uint8], quads: NDArray[np.float32], chosen: NDArray[np.int64], turns: int
    ) -> list[Characters]:
        """A sample of lines read as if the page had to be turned; strips of the page as it is are kept."""
        strips = self._recognizer.strips(pixels, turned(quads[chosen], turns), self._effort.squeeze)
        if turns == 0:
            self._known = dict(zip(chosen.tolist(), strips, strict=True))
        if self._language is None:
            return script.read_any(self._recognizer, strips)[0]
        return self._recognizer.read(strips, self._recognizer.vocabularies[self._vocabulary])

    def _detect(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        with self._watch.measure("detect"):
            side = self._effort.side_px
            quads = self._detector.detect(pixels, side)
            finer = self._finer_side(pixels, quads)
            return self._detector.detect(pixels, finer) if finer > side else quads

    def _finer_side(self, pixels: NDArray[np.uint8], quads: NDArray[np.float32]) -> int:
        """The side at which the page's text would be high enough to be found; the effort's own when it is."""
        side = self._effort.side_px
        if not len(quads):
            return side
        rows, _ = input_size(*pixels.shape[:2], side)
        text_px = float(np.median(np.minimum(*size(quads)))) * rows / pixels.shape[0]
        return min(_MAX_SIDE_PX, round(side * _SMALL_TEXT_PX / text_px)) if text_px < 0.8 * _SMALL_TEXT_PX else side

    def _recognize(
        self, pixels: NDArray[np.uint8], quads: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], list[Strip], list[Characters], str]:
        """Quads in their reading direction, their strips, what they say, and the language."""
        strips = self._strips(pixels, quads)
        if self._language is None:
            reads, language = script.read_any(self._recognizer, strips)
            self._vocabulary = "latin" if language == script.LATIN else "full"
        else:
            language = self._language.code
            reads = self._recognizer.read(strips, self._recognizer.vocabularies[self._vocabulary])
        quads = quads.copy()
        self._turn_lines(pixels, quads, strips, reads)
        return quads, strips, reads, language

    def _strips(self, pixels: NDArray[np.uint8], quads: NDArray[np.float32]) -> list[Strip]:
        """Strips of all quads; those that the page's orientation was tried with are there already."""
        missing = [index for index in range(len(quads)) if index not in self._known]
        strips = self._recognizer.strips(pixels, quads[missing], self._effort.squeeze)
        found = self._known | dict(zip(missing, strips, strict=True))
        return [found[index] for index in range(len(quads))]

    def _turn_lines(
        self,
        pixels: NDArray[np.uint8],
        quads: NDArray[np.float32],
        strips: list[Strip],
        reads: list[Characters],
    ) -> None:
        """Lines that read poorly as they lie are tried the other ways round; the best reading stays."""
        if self._options.orientation is OrientationMode.NEVER or not len(quads):
            return
        tall = sideways(quads)
        poor = np.array([read.confidence < _POOR or not read.texts for read in reads])
        for turns, tried in ((1, tall), (3, tall), (2, poor & ~tall)):
            chosen = np.flatnonzero(tried)
            candidates = turned(quads[chosen], turns)
            for index, quad, strip, read in zip(chosen, candidates, *self._read(pixels, candidates), strict=True):
                if _reads_better(read, reads[index]):
                    quads[index], strips[index], reads[index] = quad, strip, read

    def _read(
        self, pixels: NDArray[np.uint8], quads: NDArray[np.float32]
    ) -> tuple[list[Strip], list[Characters]]:
        strips = self._recognizer.strips(pixels, quads, self._effort.squeeze)
        return strips, self._recognizer.read(strips, self._recognizer.vocabularies[self._vocabulary])

    def _lines(
        self, quads: NDArray[np.float32], strips: list[Strip], reads: list[Characters]
    ) -> tuple[Line, ...]:
        lines = (
            line_of(quad, strip, read, words=self._options.words)
            for quad, strip, read in zip(quads, strips, reads, strict=True)
            if read.confidence >= self._options.min_confidence
        )
        return tuple(line for line in lines if line is not None)


def _vocabulary_name(language: Language) -> str:
    if language.script != "latin":
        return "full"
    return "unaccented" if language.code == "en" else "latin"


def _reads_better(read: Characters, than: Characters) -> bool:
    return read.confidence > max(_POOR, than.confidence + 0.1) and len(read.texts) >= max(1, len(than.texts) // 2)
