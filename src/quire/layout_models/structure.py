"""SLANet_plus: the crop of a table → its cells.

SLANet (PP-StructureV2, arXiv:2210.05391) reads a crop of 488 pixels and writes its structure word by word, with a box
for each cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from quire.errors import EngineFailed
from quire.geometry import Box
from quire.layout_models.cells import Place, cells_of
from quire.layout_models.network import read_network
from quire.models.catalog import ModelEntry
from quire.runtimes.base import Runtime, Shapes
from quire.view import RegionCell

_SIDE: Final = 488
_MEAN: Final = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION: Final = np.array([0.229, 0.224, 0.225], np.float32)
_MIN_SIDE_PX: Final = 8
_CORNERS: Final = 8


class TableReader:
    """The network, loaded. Thread-safe.

    Raises:
        EngineStartError: the file is no SLANet_plus, or the runtime cannot load it.
    """

    def __init__(self, runtime: Runtime, path: Path, entry: ModelEntry) -> None:
        network = read_network(path, entry.character_key, inputs=1, outputs=2)
        (self._input,) = network.inputs
        self._boxes, self._words = network.outputs
        self._vocabulary = _vocabulary(network.labels)
        self._session = runtime.load(network.model, Shapes(exact=True))

    def cells(self, pixels: NDArray[np.uint8], box: Box) -> tuple[RegionCell, ...]:
        """The cells of a table, in pixels of the page; none where it sees no table of at least two cells.

        Args:
            pixels: (H, W, 3) uint8, BGR, the upright page.
            box: of the table.

        Raises:
            EngineFailed: the inference failed.
        """
        x0, y0 = int(box.x0), int(box.y0)
        crop = pixels[y0 : int(box.y1) + 1, x0 : int(box.x1) + 1]
        if min(crop.shape[:2]) < _MIN_SIDE_PX:
            return ()
        outputs = self._session.run({self._input: _input(crop)})
        boxes, chances = np.asarray(outputs[self._boxes]), np.asarray(outputs[self._words])
        if boxes.shape[-1] != _CORNERS or chances.shape[-1] != len(self._vocabulary):
            raise EngineFailed("the table network's answer has an unknown form: pull slanet-plus again")
        places = cells_of(self._read(chances[0]))
        # Boxes are shares of the padded square, whose side is the crop's longer one.
        corners = boxes[0].astype(np.float64) * max(crop.shape[:2])
        cells = tuple(_cell(place, corners[place.step], x0, y0, crop.shape[:2]) for place in places)
        return cells if len(cells) > 1 else ()

    def _read(self, chances: NDArray[np.generic]) -> list[str]:
        """The likeliest words up to the end, one a step, so that boxes can be found by their step."""
        best = chances.argmax(axis=1).tolist()
        end = len(self._vocabulary) - 1
        stop = next((step for step, word in enumerate(best) if word == end and step), len(best))
        return [self._vocabulary[word] for word in best[:stop]]


def _vocabulary(labels: Sequence[str]) -> tuple[str, ...]:
    """The words in the order of the classes: an empty cell is one word, and an open one is never written."""
    words = [word for word in labels if word != "<td>"]
    whole = [] if "<td></td>" in words else ["<td></td>"]
    return ("sos", *words, *whole, "eos")


def _input(crop: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The crop as the network was trained on it: BGR all the same, in the upper left of a square."""
    height, width = crop.shape[:2]
    scale = _SIDE / max(height, width)
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    small = cv2.resize(crop, size).astype(np.float32) / np.float32(255)
    square = np.zeros((_SIDE, _SIDE, 3), np.float32)
    square[: size[1], : size[0]] = (small - _MEAN) / _DEVIATION
    return np.ascontiguousarray(square.transpose(2, 0, 1)[None])


def _cell(place: Place, corners: NDArray[np.float64], x0: float, y0: float, size: tuple[int, ...]) -> RegionCell:
    xs = np.clip(np.nan_to_num(corners[0::2]), 0, size[1]) + x0
    ys = np.clip(np.nan_to_num(corners[1::2]), 0, size[0]) + y0
    box = Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))
    return RegionCell(place.row, place.column, place.row_span, place.column_span, box, place.header)
