"""The recognizer's output layer for one vocabulary: features of columns → the best character of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from quire.engines.ppocr.graphs import FEATURES, PROBABILITIES, head_graph
from quire.engines.ppocr.vocabulary import Vocabulary
from quire.runtimes.base import Runtime, Shapes

# Rows a run: few sizes, since a runtime keeps buffers for every shape that it meets. The probabilities of a block
# of a large vocabulary take 10 MB, of a small one 4 MB.
_ROWS = (2048, 512, 128)
_MOST_NUMBERS = 2_500_000


class Best(NamedTuple):
    """The best class of each column (T,), its probability (T,), and that of a space (T,)."""

    classes: NDArray[np.int64]
    peaks: NDArray[np.float32]
    spaces: NDArray[np.float32]


class Head:
    """Threads may share it.

    Args:
        weight: (C, classes) float32, of every character the network knows.
        bias: (classes,) float32.
    """

    def __init__(
        self, runtime: Runtime, vocabulary: Vocabulary, weight: NDArray[np.float32], bias: NDArray[np.float32]
    ) -> None:
        self.vocabulary = vocabulary
        chosen = np.ascontiguousarray(weight[:, vocabulary.classes])
        self._session = runtime.load(head_graph(chosen, bias[vocabulary.classes]), Shapes())
        fitting = [rows for rows in _ROWS if rows * len(vocabulary.characters) <= _MOST_NUMBERS]
        self._rows = tuple(fitting or _ROWS[-1:])

    def best(self, features: NDArray[np.float32]) -> Best:
        """For features (T, C) of any number of columns."""
        blocks = [self._block(features[start:end], rows) for start, end, rows in self._blocks(len(features))]
        return Best(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))

    def _blocks(self, total: int) -> Iterator[tuple[int, int, int]]:
        start = 0
        while start < total:
            rows = next((rows for rows in self._rows if rows <= total - start), self._rows[-1])
            yield start, min(start + rows, total), rows
            start += rows

    def _block(self, features: NDArray[np.float32], rows: int) -> Best:
        count = len(features)
        if count < rows:
            features = np.concatenate([features, np.zeros((rows - count, features.shape[1]), np.float32)])
        probabilities = self._session.run({FEATURES: features})[PROBABILITIES][:count]
        classes = probabilities.argmax(axis=1)
        peaks = np.take_along_axis(probabilities, classes[:, None], axis=1)[:, 0]
        return Best(classes, np.asarray(peaks, np.float32), np.array(probabilities[:, -1], np.float32))
