"""Operations of graphs small enough to count by hand, and what a recording runtime notes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from quire.bench.flops import count_flops
from quire.bench.recorder import RecordingRuntime
from quire.bench.shapes import infer_shapes
from quire.runtimes.openvino import OpenVinoRuntime


def graph(nodes: list[Any], weights: dict[str, tuple[int, ...]], dims: list[Any], opset: int = 13) -> onnx.ModelProto:
    made = [numpy_helper.from_array(np.ones(shape, np.float32), name) for name, shape in weights.items()]
    return helper.make_model(
        helper.make_graph(
            nodes,
            "tiny",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, dims)],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
            made,
        ),
        opset_imports=[helper.make_opsetid("", opset)],
        ir_version=8,
    )


IMAGE = [1, 4, "H", "W"]

CASES = {
    "a 3×3 convolution": (
        graph([helper.make_node("Conv", ["x", "w"], ["y"], pads=[1, 1, 1, 1])], {"w": (8, 4, 3, 3)}, IMAGE),
        (1, 4, 10, 6),
        2 * (8 * 10 * 6) * (4 * 9),
    ),
    "a strided depthwise convolution": (
        graph([helper.make_node("Conv", ["x", "w"], ["y"], group=4, strides=[2, 2])], {"w": (4, 1, 2, 2)}, IMAGE),
        (1, 4, 10, 6),
        2 * (4 * 5 * 3) * 4,
    ),
    "a deconvolution": (
        graph([helper.make_node("ConvTranspose", ["x", "w"], ["y"], strides=[2, 2])], {"w": (4, 8, 2, 2)}, IMAGE),
        (1, 4, 10, 6),
        2 * (4 * 10 * 6) * (8 * 4),
    ),
    "a matrix product": (
        graph([helper.make_node("MatMul", ["x", "w"], ["y"])], {"w": (5, 7)}, ["B", "T", 5]),
        (2, 3, 5),
        2 * (2 * 3 * 7) * 5,
    ),
    "a transposed Gemm": (
        graph([helper.make_node("Gemm", ["x", "w"], ["y"], transA=1, transB=1)], {"w": (7, 5)}, [5, "T"]),
        (5, 3),
        2 * (3 * 7) * 5,
    ),
    "additions, which do not count": (
        graph([helper.make_node("Add", ["x", "x"], ["y"])], {}, IMAGE),
        (1, 4, 10, 6),
        0,
    ),
}


@pytest.mark.parametrize(("model", "shape", "flops"), CASES.values(), ids=CASES)
def test_operations_are_counted_exactly(model: onnx.ModelProto, shape: tuple[int, ...], flops: int) -> None:
    before = model.SerializeToString()
    assert count_flops(model, {"x": shape}) == flops
    assert model.SerializeToString() == before


@pytest.mark.parametrize("opset", [11, 13], ids=["of opset 11", "of opset 13"])
def test_shapes_follow_through_a_graph_s_own_arithmetic(opset: int) -> None:
    nodes = [
        helper.make_node("Identity", ["x"], ["same"]),
        helper.make_node("Shape", ["same"], ["shape"]),
        helper.make_node("Slice", ["shape", "from", "to", "axis"], ["head"]),
        helper.make_node("Concat", ["head", "rest"], ["target"], axis=0),
        helper.make_node("Reshape", ["same", "target"], ["flat"]),
        helper.make_node("Transpose", ["flat"], ["turned"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["turned", "w"], ["y"]),
    ]
    model = graph(nodes, {"w": (4, 7)}, IMAGE, opset)
    numbers = {"from": 0, "to": 2, "axis": 0, "rest": -1}
    model.graph.initializer.extend(
        numpy_helper.from_array(np.array([value], np.int64), name) for name, value in numbers.items()
    )
    assert infer_shapes(model, {"x": (1, 4, 10, 6)})["y"] == (1, 60, 7)
    assert count_flops(model, {"x": (1, 4, 10, 6)}) == 2 * (60 * 7) * 4


def test_a_shape_that_does_not_follow_is_an_error_and_not_a_zero() -> None:
    model, _, _ = CASES["a 3×3 convolution"]
    with pytest.raises(ValueError, match="does not follow"):
        count_flops(model, {})


def test_a_recording_runtime_returns_what_the_runtime_does_and_counts_every_run() -> None:
    model, _, _ = CASES["a matrix product"]
    runtime = RecordingRuntime(OpenVinoRuntime(threads=2, streams=2))
    session = runtime.load(model)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda rows: session.run({"x": np.ones((1, rows, 5), np.float32)})["y"], [3, 4] * 5))
    assert {result.shape for result in results} == {(1, 3, 7), (1, 4, 7)}
    assert all((result == 5).all() for result in results)
    work = runtime.work()
    assert work.runs == 10
    assert work.flops == 5 * 2 * (3 + 4) * 7 * 5
    assert work.network_s > 0
    runtime.reset()
    assert runtime.work().runs == 0
