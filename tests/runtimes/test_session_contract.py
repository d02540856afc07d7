"""What every runtime promises, checked for each on tiny networks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from quire.errors import EngineFailed, EngineStartError
from quire.runtimes.base import Runtime, Shapes
from quire.runtimes.onnxruntime import OnnxRuntime
from quire.runtimes.openvino import OpenVinoRuntime

KERNEL = np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]], np.float32)


@pytest.fixture(params=[OpenVinoRuntime, OnnxRuntime], ids=["OpenVINO", "ONNX Runtime"], scope="module")
def runtime(request) -> Runtime:
    package = "openvino" if request.param is OpenVinoRuntime else "onnxruntime"
    pytest.importorskip(package)
    return request.param(threads=2, streams=2)


def network(*nodes, inputs=("x",), outputs=("y",), constants=(), rank=4) -> onnx.ModelProto:
    """A network whose inputs and outputs have `rank` free axes."""

    def ends(names):
        return [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [f"{name}{axis}" for axis in range(rank)])
            for name in names
        ]

    graph = helper.make_graph(list(nodes), "tiny", ends(inputs), ends(outputs), initializer=list(constants))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


@pytest.fixture(scope="module")
def edges() -> onnx.ModelProto:
    """One 3 × 3 convolution, which keeps height and width."""
    kernel = numpy_helper.from_array(KERNEL[None, None], "kernel")
    return network(helper.make_node("Conv", ["x", "kernel"], ["y"], pads=[1, 1, 1, 1]), constants=[kernel])


def image(height: int, width: int, seed: int = 0) -> np.ndarray:
    """Small whole numbers, which every precision holds exactly, so that results can be compared exactly."""
    pixels = np.random.default_rng(seed).integers(0, 8, (1, 1, height, width))
    return pixels.astype(np.float32)


def convolved(pixels: np.ndarray) -> np.ndarray:
    padded = np.pad(pixels, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    return np.einsum("nchwij,ij->nchw", windows, KERNEL)


def test_a_runtime_says_what_it_is(runtime):
    assert runtime.name
    assert runtime.version
    assert runtime.device == "cpu"
    assert runtime.streams == 2


def test_a_network_computes_what_its_graph_says(runtime, edges):
    pixels = image(16, 24)
    outputs = runtime.load(edges).run({"x": pixels})
    assert list(outputs) == ["y"]
    assert outputs["y"].dtype == np.float32
    np.testing.assert_array_equal(outputs["y"], convolved(pixels))


def test_a_network_can_come_from_a_file(runtime, edges, tmp_path):
    path = tmp_path / "edges.onnx"
    onnx.save(edges, path)
    np.testing.assert_array_equal(runtime.load(path).run({"x": image(8, 8)})["y"], convolved(image(8, 8)))


def test_one_session_takes_several_shapes(runtime, edges):
    session = runtime.load(edges)
    for height, width in [(8, 8), (32, 16), (3, 70), (8, 8)]:
        pixels = image(height, width)
        np.testing.assert_array_equal(session.run({"x": pixels})["y"], convolved(pixels))


def test_inputs_and_outputs_go_by_name(runtime):
    session = runtime.load(
        network(
            helper.make_node("Sub", ["a", "b"], ["difference"]),
            helper.make_node("Add", ["a", "b"], ["sum"]),
            inputs=("a", "b"),
            outputs=("difference", "sum"),
        )
    )
    outputs = session.run({"b": image(4, 4, seed=1), "a": image(4, 4, seed=2)})
    np.testing.assert_array_equal(outputs["difference"], image(4, 4, seed=2) - image(4, 4, seed=1))
    np.testing.assert_array_equal(outputs["sum"], image(4, 4, seed=2) + image(4, 4, seed=1))


def test_a_view_that_is_not_contiguous_is_read_right(runtime, edges):
    pixels = image(20, 20)[:, :, ::2, 3:]
    np.testing.assert_array_equal(runtime.load(edges).run({"x": pixels})["y"], convolved(pixels))


def test_a_later_run_does_not_overwrite_an_earlier_result(runtime, edges):
    session = runtime.load(edges)
    first = session.run({"x": image(12, 12, seed=1)})["y"]
    session.run({"x": image(12, 12, seed=2)})
    np.testing.assert_array_equal(first, convolved(image(12, 12, seed=1)))


def test_inputs_are_left_as_they_were(runtime):
    session = runtime.load(network(helper.make_node("Neg", ["x"], ["y"])))
    pixels = image(6, 6)
    session.run({"x": pixels})
    np.testing.assert_array_equal(pixels, image(6, 6))


def test_eight_threads_get_results_of_their_own(runtime, edges):
    session = runtime.load(edges)

    def check(seed: int) -> None:
        pixels = image(16 + seed % 3, 24, seed)
        np.testing.assert_array_equal(session.run({"x": pixels})["y"], convolved(pixels))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(check, range(160)))


@pytest.mark.parametrize(
    "inputs",
    [{"x": np.ones((1, 2, 8, 8), np.float32)}, {"x": np.ones(3, np.float32)}, {"z": image(8, 8)}],
    ids=["a wrong shape", "a wrong number of axes", "a wrong name"],
)
def test_a_run_that_fails_says_what_may_help(runtime, edges, inputs):
    session = runtime.load(edges, Shapes(specialise_after=1))
    for _ in range(3):
        with pytest.raises(EngineFailed, match="memory") as caught:
            session.run(inputs)
        assert caught.value.code == "engine_failed"


@pytest.mark.parametrize(
    "content",
    [b"", b"not a network", b"\x08\x08" * 200],
    ids=["an empty file", "text", "a truncated network"],
)
def test_a_broken_file_is_refused_with_a_remedy(runtime, tmp_path, content):
    path = tmp_path / "broken.onnx"
    path.write_bytes(content)
    with pytest.raises(EngineStartError, match="pull the model again") as caught:
        runtime.load(path)
    assert str(tmp_path) not in caught.value.detail


def test_a_missing_file_is_refused(runtime, tmp_path):
    with pytest.raises(EngineStartError):
        runtime.load(tmp_path / "absent.onnx")


def test_a_graph_with_an_unknown_operator_is_refused(runtime):
    graph = helper.make_graph(
        [helper.make_node("NoSuchOperator", ["x"], ["y"])],
        "odd",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    with pytest.raises(EngineStartError):
        runtime.load(model)


def test_places_in_pixels_come_out_exact_where_that_is_asked_for(runtime) -> None:
    doubled = numpy_helper.from_array(2 * np.eye(64, dtype=np.float32), "doubled")
    places = np.linspace(500, 3000, 64 * 64, dtype=np.float32).reshape(64, 64)
    model = network(helper.make_node("MatMul", ["x", "doubled"], ["y"]), constants=[doubled], rank=2)

    found = runtime.load(model, Shapes(exact=True)).run({"x": places})["y"]

    np.testing.assert_allclose(found, 2 * places, atol=0.01)
