"""Floating-point operations of a network at given input shapes, counted on its ONNX graph.

Only products of matrices count (convolutions, matrix products): all else is small beside them, and the
machine's own peak is measured with such a product too.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, Final

from quire.bench.shapes import Shape, infer_shapes


def count_flops(model: Any, inputs: Mapping[str, Shape]) -> int:
    """Floating-point operations of one run; a multiplication with its addition counts as two.

    Args:
        model: an `onnx.ModelProto`; it is not changed.
        inputs: shape of each input by name.

    Raises:
        ValueError: the shape of a product does not follow from the inputs'.
    """
    shapes = infer_shapes(model, inputs)
    products = [node for node in model.graph.node if node.op_type in _MULTIPLICATIONS]
    return 2 * sum(_MULTIPLICATIONS[node.op_type](node, shapes) for node in products)


def _shape(name: str, shapes: Mapping[str, Shape]) -> Shape:
    if name not in shapes:
        raise ValueError(f"the shape of tensor {name} does not follow from the inputs")
    return shapes[name]


def _conv(node: Any, shapes: Mapping[str, Shape]) -> int:
    # Weights are (out, in / groups, *kernel): an output value costs one product a weight of its channel.
    return prod(_shape(node.output[0], shapes)) * prod(_shape(node.input[1], shapes)[1:])


def _conv_transpose(node: Any, shapes: Mapping[str, Shape]) -> int:
    # Weights are (in, out / groups, *kernel): an input value is multiplied with all weights of its channel.
    return prod(_shape(node.input[0], shapes)) * prod(_shape(node.input[1], shapes)[1:])


def _matmul(node: Any, shapes: Mapping[str, Shape]) -> int:
    return prod(_shape(node.output[0], shapes)) * _shape(node.input[0], shapes)[-1]


def _gemm(node: Any, shapes: Mapping[str, Shape]) -> int:
    transposed = any(attribute.name == "transA" and attribute.i for attribute in node.attribute)
    return prod(_shape(node.output[0], shapes)) * _shape(node.input[0], shapes)[0 if transposed else 1]


_MULTIPLICATIONS: Final = {"Conv": _conv, "ConvTranspose": _conv_transpose, "MatMul": _matmul, "Gemm": _gemm}
