"""What is ONNX Runtime's own: devices, threads, options of its providers, and its absence."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from onnx import TensorProto, helper

from quire.errors import EngineFailed, RuntimeMissing
from quire.runtimes.base import Profile
from quire.runtimes.onnxruntime import OnnxRuntime, tensorrt_options

onnxruntime = pytest.importorskip("onnxruntime")


@pytest.fixture
def doubling():
    """y = x + x for a vector of three numbers."""
    graph = helper.make_graph(
        [helper.make_node("Add", ["x", "x"], ["y"])],
        "doubling",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [3])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [3])],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def test_threads_are_shared_out_among_the_streams():
    runtime = OnnxRuntime(threads=8, streams=2)
    assert runtime.streams == 2
    assert runtime._options().intra_op_num_threads == 4


def test_without_a_wish_there_is_one_stream_a_thread():
    assert OnnxRuntime(threads=3).streams == 3


def test_there_are_never_more_streams_than_threads():
    assert OnnxRuntime(threads=2, streams=16).streams == 2


def test_auto_settles_on_a_device_that_works(doubling):
    runtime = OnnxRuntime(device="auto")
    assert runtime.device in ("cpu", "cuda")
    doubled = runtime.load(doubling).run({"x": np.ones(3, np.float32)})["y"]
    np.testing.assert_array_equal(doubled, [2, 2, 2])


@pytest.mark.parametrize("device", ["cuda", "tensorrt"])
@pytest.mark.skipif(
    "CUDAExecutionProvider" in onnxruntime.get_available_providers(), reason="this build has GPU providers"
)
def test_a_device_that_is_not_there_is_refused_with_a_remedy(device):
    with pytest.raises(RuntimeMissing, match="install onnxruntime-gpu"):
        OnnxRuntime(device=device)


@pytest.mark.parametrize("inputs", [{"x": np.ones(3, np.float64)}, {}], ids=["a wrong type", "no input"])
def test_no_exception_of_the_library_leaks_from_a_run(doubling, inputs):
    with pytest.raises(EngineFailed, match="cannot run"):
        OnnxRuntime(threads=1).load(doubling).run(inputs)


def test_profiles_are_written_as_tensorrt_wants_them(tmp_path):
    options = tensorrt_options(tmp_path, {"x": Profile((1, 3, 48, 32), (8, 3, 48, 320), (32, 3, 48, 1920))})
    assert options["trt_profile_min_shapes"] == "x:1x3x48x32"
    assert options["trt_profile_opt_shapes"] == "x:8x3x48x320"
    assert options["trt_profile_max_shapes"] == "x:32x3x48x1920"
    assert options["trt_engine_cache_path"] == str(tmp_path)


def test_without_a_folder_nothing_is_cached():
    assert tensorrt_options(None, {}) == {"trt_fp16_enable": True}


def test_its_absence_names_what_to_install():
    program = (
        "import sys; sys.modules['onnxruntime'] = None\n"
        "from quire.errors import RuntimeMissing\n"
        "from quire.runtimes.onnxruntime import OnnxRuntime\n"
        "try: OnnxRuntime()\n"
        "except RuntimeMissing as exc: print(exc.detail)"
    )
    finished = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert "pip install quire-ocr[onnxruntime]" in finished.stdout
