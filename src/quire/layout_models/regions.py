"""PP-DocLayoutV3: a page image → its regions in reading order.

A detector of the RT-DETR kind (arXiv:2304.08069) that also ranks what it finds by the order of reading. It takes the
page as a square of 800 pixels and answers with 300 rows in pixels of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.errors import EngineFailed, EngineStartError
from quire.geometry import Box
from quire.layout_models.classes import CLASSES, RegionClass
from quire.layout_models.network import read_network
from quire.layout_models.overlaps import Seen, distinct
from quire.models.catalog import ModelEntry
from quire.runtimes.base import Array, Runtime, Shapes

_SIDE: Final = 800
_INPUTS: Final = ("image", "im_shape", "scale_factor")
# Of a row: class, score, x0, y0, x1, y1, place in the reading order; a second column of the order breaks ties.
_COLUMNS: Final = 7
_MAX_ROWS: Final = 1000
_UNKNOWN: Final = RegionClass(None)


class RegionDetector:
    """The network, loaded. Thread-safe.

    Raises:
        EngineStartError: the file is no PP-DocLayoutV3, or the runtime cannot load it.
    """

    def __init__(self, runtime: Runtime, path: Path, entry: ModelEntry) -> None:
        # The masks that are its third output take 48 MB a page and tell no more than the boxes.
        network = read_network(path, entry.character_key, inputs=len(_INPUTS), outputs=2)
        if set(network.inputs) != set(_INPUTS) or not set(network.labels) & set(CLASSES):
            raise EngineStartError(f"{path.name} is no PP-DocLayoutV3: run `quire models pull {entry.name}`")
        self._rows, self._count = network.outputs
        self._classes = [CLASSES.get(label, _UNKNOWN) for label in network.labels]
        self._session = runtime.load(network.model, Shapes(exact=True))

    def regions(self, pixels: NDArray[np.uint8]) -> list[Seen]:
        """The regions of a page, first to last.

        Args:
            pixels: (H, W, 3) uint8, BGR, upright.

        Raises:
            EngineFailed: the inference failed.
        """
        height, width = pixels.shape[:2]
        outputs = self._session.run(_inputs(pixels))
        rows = np.asarray(outputs[self._rows], np.float64)
        if rows.ndim != 2 or rows.shape[1] < _COLUMNS:
            raise EngineFailed("the layout network's answer has an unknown form: set the layout to 'geometry'")
        count = min(int(np.asarray(outputs[self._count]).sum()), _MAX_ROWS)
        found = sorted(_read(rows[:count].tolist(), self._classes, width, height), key=lambda seen: seen.order)
        return distinct(found, Box(0, 0, width, height))


def _inputs(pixels: NDArray[np.uint8]) -> dict[str, Array]:
    """The page as the network was trained on it: RGB, 0 to 1, squeezed to a square."""
    square = cv2.resize(pixels, (_SIDE, _SIDE), interpolation=cv2.INTER_CUBIC)[:, :, ::-1]
    image = np.ascontiguousarray(square.transpose(2, 0, 1)[None], np.float32) / np.float32(255)
    height, width = pixels.shape[:2]
    return {
        "image": image,
        "im_shape": np.array([[_SIDE, _SIDE]], np.float32),
        "scale_factor": np.array([[_SIDE / height, _SIDE / width]], np.float32),
    }


def _read(
    rows: Sequence[Sequence[float]], classes: Sequence[RegionClass], width: float, height: float
) -> Iterator[Seen]:
    """The rows that are sure enough of what they see, boxes inside the page."""
    for number, score, x0, y0, x1, y1, order, *_ in rows:
        if not all(map(isfinite, (number, score, x0, y0, x1, y1, order))) or not 0 <= number < len(classes):
            continue
        kind, threshold = classes[int(number)]
        if kind is not None and score >= threshold:
            box = Box(max(0.0, x0), max(0.0, y0), min(width, x1), min(height, y1))
            yield Seen(kind, score, box, order)
