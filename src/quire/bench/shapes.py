"""Shapes of all tensors of an ONNX graph at given input shapes.

`onnx.shape_inference` stops where a graph computes a shape with its own arithmetic (Shape, Slice, Concat);
once that is worked out and put in as constants it goes on, so both take turns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator

Shape = tuple[int, ...]

_ARITHMETIC: Final = frozenset({"Cast", "Concat", "Gather", "Slice"})
_RESHAPING: Final = frozenset({"Identity", "Reshape", "Squeeze", "Unsqueeze"})
_SMALL: Final = 16
"""Elements that a tensor may have to count as shape arithmetic: no shape is longer."""


def infer_shapes(model: Any, inputs: Mapping[str, Shape]) -> dict[str, Shape]:
    """Shapes of all tensors whose shape follows from the inputs'.

    Args:
        model: an `onnx.ModelProto`; it is not changed.
        inputs: shape of each input by name.
    """
    fixed = onnx.ModelProto()
    fixed.CopyFrom(model)
    _fix(fixed.graph, inputs)
    while True:
        shapes = _inferred(fixed)
        if not _fold(fixed, shapes):
            return shapes


def _fix(graph: Any, inputs: Mapping[str, Shape]) -> None:
    """Writes the inputs' shapes in, and forgets what the graph claims about all that follows from them."""
    del graph.value_info[:]
    for value in graph.output:
        value.type.tensor_type.ClearField("shape")
    for value in graph.input:
        if value.name in inputs:
            dims = value.type.tensor_type.shape.dim
            del dims[:]
            for size in inputs[value.name]:
                dims.add().dim_value = size


def _inferred(model: Any) -> dict[str, Shape]:
    graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    shapes = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    for value in (*graph.input, *graph.value_info, *graph.output):
        tensor = value.type.tensor_type
        if tensor.HasField("shape") and all(dim.HasField("dim_value") for dim in tensor.shape.dim):
            shapes[value.name] = tuple(dim.dim_value for dim in tensor.shape.dim)
    return shapes


def _fold(model: Any, shapes: Mapping[str, Shape]) -> bool:
    """Replaces shape arithmetic that can be worked out by its results; whether there was any."""
    graph = model.graph
    known = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer if _small(tensor.dims)}
    kept, folded = [], False
    for node in list(graph.node):
        value = _value(model, node, shapes, known)
        if value is None:
            kept.append(node)
            continue
        folded = True
        known[node.output[0]] = value
        graph.initializer.append(numpy_helper.from_array(value, node.output[0]))
    nodes = [onnx.NodeProto.FromString(node.SerializeToString()) for node in kept]
    del graph.node[:]
    graph.node.extend(nodes)
    return folded


def _value(
    model: Any, node: Any, shapes: Mapping[str, Shape], known: Mapping[str, NDArray[Any]]
) -> NDArray[Any] | None:
    if node.op_type == "Shape" and node.input[0] in shapes:
        return np.array(shapes[node.input[0]], np.int64)
    if node.op_type in _RESHAPING and node.input[0] in known and node.output[0] in shapes:
        return known[node.input[0]].reshape(shapes[node.output[0]])
    if node.op_type not in _ARITHMETIC or any(name and name not in known for name in node.input):
        return None
    names = [name for name in node.input if name]
    evaluator = ReferenceEvaluator(node, opsets={entry.domain: entry.version for entry in model.opset_import})
    result = np.asarray(evaluator.run(None, {name: known[name] for name in names})[0])
    return result if _small(result.shape) else None


def _small(dims: Any) -> bool:
    return int(np.prod(tuple(dims), dtype=np.int64)) <= _SMALL
