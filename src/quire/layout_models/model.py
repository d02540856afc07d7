"""What is on a page, as layout networks see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from quire.errors import InvalidOption
from quire.layout_models.overlaps import Seen
from quire.layout_models.regions import RegionDetector
from quire.layout_models.structure import TableReader
from quire.models import catalog
from quire.models.store import ModelStore
from quire.runtimes.base import Runtime
from quire.view import Region

LayoutChoice = Literal["auto", "geometry", "model"]

_REGIONS: Final = "pp-doclayoutv3"
_TABLES: Final = "slanet-plus"
_MAX_TABLES: Final = 30
"""Of one page, whose structure is read by the network: each costs some 100 ms."""


class LayoutModel:
    """PP-DocLayoutV3 for regions and their order, and SLANet_plus, where it is there, for the cells of tables.

    Attributes:
        models: digests of the weights by their names.
    """

    def __init__(self, runtime: Runtime, store: ModelStore) -> None:
        self._runtime = runtime
        self._store = store
        self._entries = [catalog.entry(_REGIONS)]
        if store.find(catalog.entry(_TABLES)):
            self._entries.append(catalog.entry(_TABLES))
        self.models: Mapping[str, str] = {entry.name: entry.sha256 for entry in self._entries}

    def start(self) -> None:
        """Loads the networks.

        Raises:
            EngineError: weights are missing or damaged, or the runtime cannot load them.
        """
        first, *rest = self._entries
        self._regions = RegionDetector(self._runtime, self._store.require(first), first)
        tables = [TableReader(self._runtime, self._store.require(entry), entry) for entry in rest]
        self._tables = tables[0] if tables else None

    def regions(self, pixels: NDArray[np.uint8]) -> tuple[Region, ...]:
        """The regions of a page in reading order. Threads may call it at once.

        Args:
            pixels: (H, W, 3) uint8, BGR, upright.

        Raises:
            EngineFailed: the inference failed.
        """
        seen = self._regions.regions(pixels)
        tables = [one for one in seen if one.kind == "table"][:_MAX_TABLES]
        return tuple(self._region(pixels, one) if one in tables else Region(one.kind, one.box) for one in seen)

    def _region(self, pixels: NDArray[np.uint8], seen: Seen) -> Region:
        cells = self._tables.cells(pixels, seen.box) if self._tables else ()
        return Region(seen.kind, seen.box, cells)


def choose_layout(choice: str, runtime: Runtime, store: ModelStore) -> LayoutModel | None:
    """The layout model that was chosen, not started; None for geometry.

    Args:
        choice: "auto" takes the model where its weights are, "model" insists on it.

    Raises:
        InvalidOption: there is no such choice.
        ModelMissing, ModelDigestMismatch: the model was asked for and is not there; the message says how to get it.
    """
    if choice not in get_args(LayoutChoice):
        raise InvalidOption(f"there is no layout '{choice[:40]}': use one of {', '.join(get_args(LayoutChoice))}")
    entry = catalog.entry(_REGIONS)
    if choice == "model":
        store.require(entry)
    wanted = choice != "geometry" and store.find(entry) is not None
    return LayoutModel(runtime, store) if wanted else None
