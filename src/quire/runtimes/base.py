"""What every runtime offers: a network as a function of arrays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


class Session(Protocol):
    """One network, loaded. `run` may be called from several threads at once; results are the caller's own."""

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Outputs by name for float32 inputs by name."""
        ...


class Runtime(Protocol):
    """Loads networks. A model is an ONNX file, or an in-memory `onnx.ModelProto`."""

    name: str
    version: str
    device: str
    streams: int
    """How many `run` calls at once keep the device busy."""

    def load(self, model: Path | Any) -> Session:
        """Raises: EngineStartError: the network cannot be loaded."""
        ...
