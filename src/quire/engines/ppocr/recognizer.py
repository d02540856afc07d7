"""Reads text lines: PP-OCR's recognizer, its body run line by line, its output layer for the vocabulary in use."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from quire.engines.ppocr import crops, ctc, vocabulary
from quire.engines.ppocr.graphs import FEATURES, PIXELS, RecognizerParts
from quire.engines.ppocr.head import Head
from quire.engines.ppocr.vocabulary import Vocabulary
from quire.runtimes.base import Runtime, Shapes

_FREQUENT = 32
"""Strips of one width after which that width gets a compilation of its own: a dense page or two."""

_CHUNK = 6
"""Lines a task: small enough to share a page among the streams, large enough to cost nothing."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One line cut out of the page, and what the network's body made of it.

    Attributes:
        pixels: (48, W, 3) uint8.
        features: (W / 8, C) float32, the input of the output layer.
    """

    pixels: NDArray[np.uint8]
    features: NDArray[np.float32]


class Recognizer:
    """Page image and quads → strips → characters. Threads may share it.

    Args:
        executor: runs the lines, as many at once as the runtime has streams.
    """

    pixels_per_column = 8
    """Columns of a strip that make one output column of the network."""

    def __init__(self, runtime: Runtime, parts: RecognizerParts, executor: Executor) -> None:
        self._runtime = runtime
        self._parts = parts
        self._body = runtime.load(parts.body, Shapes(specialise_after=_FREQUENT, most_special=4))
        self._executor = executor
        self._heads: dict[str, Head] = {}
        self._lock = Lock()
        self.vocabularies = {
            vocabulary.name: vocabulary for vocabulary in (vocabulary_of(parts) for vocabulary_of in _VOCABULARIES)
        }

    def strips(self, pixels: NDArray[np.uint8], quads: NDArray[np.float32], squeeze: float) -> list[Strip]:
        """Strips of the quads (N, 4, 2) of a page (H, W, 3), in their order.

        Args:
            squeeze: width of a strip relative to the line's own shape; less than 1 reads faster.
        """
        targets = [crops.strip_width(natural, squeeze) for natural in crops.natural_width(quads).tolist()]
        # Neighbours in width share a task, so that tasks are of even length; the widest start first.
        order = np.argsort(targets)[::-1]
        chunks = [order[start : start + _CHUNK] for start in range(0, len(order), _CHUNK)]
        jobs = [
            self._executor.submit(
                lambda chunk: [self._strip(pixels, quads[index], targets[index]) for index in chunk], chunk
            )
            for chunk in chunks
        ]
        result: list[Strip | None] = [None] * len(quads)
        for chunk, job in zip(chunks, jobs, strict=True):
            for index, strip in zip(chunk, job.result(), strict=True):
                result[index] = strip
        return [strip for strip in result if strip is not None]

    def read(self, strips: Sequence[Strip], words: Vocabulary) -> list[ctc.Characters]:
        """Characters of each strip in a vocabulary."""
        if not strips:
            return []
        best = self._head(words).best(np.concatenate([strip.features for strip in strips]))
        edges = np.cumsum([0, *(len(strip.features) for strip in strips)])
        return [
            ctc.collapse(best.classes[a:b], best.peaks[a:b], best.spaces[a:b], words.characters)
            for a, b in pairwise(edges)
        ]

    def _strip(self, pixels: NDArray[np.uint8], quad: NDArray[np.float32], width: int) -> Strip:
        strip = crops.cut(pixels, quad, width)
        parts = crops.pieces(strip)
        if len(parts) == 1:
            return Strip(strip, self._features(strip))
        features = []
        for part in parts:
            seen = self._features(np.ascontiguousarray(strip[:, part.start : part.start + crops.MAX_WIDTH]))
            first, last = ((edge - part.start) // self.pixels_per_column for edge in (part.begin, part.end))
            features.append(seen[first:last])
        return Strip(strip, np.concatenate(features))

    def _features(self, strip: NDArray[np.uint8]) -> NDArray[np.float32]:
        return np.asarray(self._body.run({PIXELS: strip[None]})[FEATURES][0], np.float32)

    def _head(self, words: Vocabulary) -> Head:
        with self._lock:
            if words.name not in self._heads:
                self._heads[words.name] = Head(self._runtime, words, self._parts.weight, self._parts.bias)
            return self._heads[words.name]


def _full(parts: RecognizerParts) -> Vocabulary:
    return vocabulary.full(parts.characters)


def _latin(parts: RecognizerParts) -> Vocabulary:
    return vocabulary.latin(parts.characters)


_VOCABULARIES = (_full, _latin)
