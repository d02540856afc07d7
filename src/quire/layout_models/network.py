"""Networks of which the weights' file says what their classes stand for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx

from quire.errors import EngineStartError


@dataclass(frozen=True, slots=True)
class NamedNetwork:
    """A network read from its file, not loaded yet.

    Attributes:
        model: an `onnx.ModelProto`.
        labels: what the classes stand for, in their order.
        inputs, outputs: names.
    """

    model: Any
    labels: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def read_network(path: Path, key: str | None, *, inputs: int, outputs: int) -> NamedNetwork:
    """The network of that many inputs, with its first outputs alone: what else it computes is left out.

    Args:
        key: of the metadata that list its classes, one a line.

    Raises:
        EngineStartError: the file is no network of this form.
    """
    try:
        model = onnx.load(str(path))
    # The parser's errors have no base class of their own.
    except Exception as exc:
        raise _refused(path) from exc
    graph = model.graph
    listed = next((prop.value for prop in model.metadata_props if prop.key == key), "")
    constants = {tensor.name for tensor in graph.initializer}
    taken = tuple(value.name for value in graph.input if value.name not in constants)
    if not listed or len(taken) != inputs or len(graph.output) < outputs:
        raise _refused(path)
    del graph.output[outputs:]
    labels = tuple(label.strip() for label in listed.splitlines())
    return NamedNetwork(model, labels, taken, tuple(value.name for value in graph.output))


def _refused(path: Path) -> EngineStartError:
    return EngineStartError(
        f"{path.name} is no layout network of the expected form: pull it again, or set the layout to 'geometry'"
    )
