"""What every runtime offers: a network as a function of arrays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]
"""uint8 pixels go in, float32 comes out."""


class Profile(NamedTuple):
    """Shapes of one input that a network will see; TensorRT builds for them."""

    smallest: tuple[int, ...]
    usual: tuple[int, ...]
    largest: tuple[int, ...]


class Shapes(NamedTuple):
    """What is known about how a network will be run, above all on which shapes.

    Attributes:
        specialise_after: runs of one shape after which it is worth a compilation of its own; never when None.
        most_special: compilations kept at most; each holds its own buffers.
        profiles: by input name.
        exact: compute in float32 even where less would be faster: for networks that put out places in pixels,
            of which bfloat16 keeps eight bits.
    """

    specialise_after: int | None = None
    most_special: int = 8
    profiles: Mapping[str, Profile] = MappingProxyType({})
    exact: bool = False


ANY_SHAPES = Shapes()


class Session(Protocol):
    """One network, loaded. `run` may be called from several threads at once; results are the caller's own."""

    def run(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Outputs by name, for inputs by name.

        Raises:
            EngineFailed: the inputs do not fit the network, or memory ran out.
        """
        ...


class Runtime(Protocol):
    """Loads networks. A model is an ONNX file, or an in-memory `onnx.ModelProto`."""

    name: str
    version: str
    device: str
    streams: int
    """How many `run` calls at once keep the device busy."""

    def load(self, model: Path | Any, shapes: Shapes = ANY_SHAPES) -> Session:
        """Raises: EngineStartError: the network cannot be loaded."""
        ...
