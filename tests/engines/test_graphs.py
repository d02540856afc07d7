"""The rewritten networks compute what the published ones compute."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from bundled import recognizer, weights
from numpy.typing import NDArray
from onnx import TensorProto, helper

from quire.engines.ppocr.detector import pixel_map
from quire.engines.ppocr.graphs import (
    FEATURES,
    LOGITS,
    PIXELS,
    detector_graph,
    head_graph,
    recognizer_parts,
)
from quire.errors import EngineStartError
from sheets import sheet

DETECTOR = "ppocrv6-det-small"
RECOGNIZER = "ppocrv6-rec-small"


def compute(model: onnx.ModelProto | Path, **inputs: NDArray) -> NDArray:
    """The network's only output, in float32 on the CPU; an unnamed input goes to the first."""
    source = str(model) if isinstance(model, Path) else model.SerializeToString()
    session = onnxruntime.InferenceSession(source, providers=["CPUExecutionProvider"])
    first = session.get_inputs()[0].name
    (output,) = session.run(None, {first if name == "first" else name: each for name, each in inputs.items()})
    return output


def normalised(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What the published networks take: (1, 3, H, W), -1 to 1."""
    return ((pixels.astype(np.float32) / 255 - 0.5) / 0.5).transpose(2, 0, 1)[None]


def noise(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)


PAGES = [
    pytest.param(noise(64, 96), id="noise"),
    pytest.param(sheet(size_px=(384, 256)), id="a page of text"),
]
STRIPS = [
    pytest.param(noise(48, 96), id="noise"),
    pytest.param(sheet()[30:78, 40:280], id="a line of text"),
]


@pytest.mark.parametrize("pixels", PAGES)
def test_the_rewritten_detector_equals_the_published_one(pixels: NDArray[np.uint8]) -> None:
    published = compute(weights(DETECTOR), first=normalised(pixels))[0, 0]
    logits = compute(detector_graph(weights(DETECTOR)), **{PIXELS: pixels[None]})
    rewritten = 1 / (1 + np.exp(-pixel_map(logits[0])))
    assert rewritten.shape == published.shape
    assert np.abs(rewritten - published).max() < 1e-3


@pytest.mark.parametrize("pixels", STRIPS)
def test_the_cut_recognizer_and_its_output_layer_equal_the_published_one(pixels: NDArray[np.uint8]) -> None:
    parts = recognizer()
    published = compute(weights(RECOGNIZER), first=normalised(pixels))[0]
    features = compute(parts.body, **{PIXELS: pixels[None]})[0]
    rewritten = compute(head_graph(parts.weight, parts.bias), **{FEATURES: features})
    assert rewritten.shape == published.shape == (pixels.shape[1] // 8, len(parts.characters))
    assert np.abs(rewritten - published).max() < 1e-3


def test_an_output_layer_for_fewer_classes_ranks_them_as_the_whole_one() -> None:
    parts = recognizer()
    classes = np.arange(0, len(parts.characters), 17)
    features = np.random.default_rng(1).normal(size=(5, parts.weight.shape[0])).astype(np.float32)
    whole = compute(head_graph(parts.weight, parts.bias), **{FEATURES: features})[:, classes]
    cut = compute(head_graph(parts.weight[:, classes], parts.bias[classes]), **{FEATURES: features})
    assert cut == pytest.approx(whole / whole.sum(axis=1, keepdims=True), abs=1e-4)


def test_the_networks_take_pixels_as_they_are() -> None:
    for model in (detector_graph(weights(DETECTOR)), recognizer().body):
        (pixels,) = model.graph.input
        assert pixels.name == PIXELS
        assert pixels.type.tensor_type.elem_type == TensorProto.UINT8
        assert pixels.type.tensor_type.shape.dim[3].dim_value == 3
    assert [output.name for output in detector_graph(weights(DETECTOR)).graph.output] == [LOGITS]


def truncated(folder: Path, name: str) -> Path:
    whole = weights(name).read_bytes()
    return written(folder, whole[: len(whole) // 2])


def written(folder: Path, data: bytes) -> Path:
    path = folder / "network.onnx"
    path.write_bytes(data)
    return path


def another_network(folder: Path) -> Path:
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "tiny", ends[:1], ends[1:])
    return written(folder, helper.make_model(graph).SerializeToString())


@pytest.mark.parametrize("load", [detector_graph, recognizer_parts], ids=["detector", "recognizer"])
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda folder: truncated(folder, DETECTOR), id="half a detector"),
        pytest.param(lambda folder: truncated(folder, RECOGNIZER), id="half a recognizer"),
        pytest.param(lambda folder: written(folder, b""), id="an empty file"),
        pytest.param(lambda folder: written(folder, b"<html>not found</html>"), id="a web page"),
        pytest.param(another_network, id="another network"),
        pytest.param(lambda folder: folder / "absent.onnx", id="no file"),
    ],
)
def test_a_wrong_file_is_refused_with_the_remedy(load, make, tmp_path: Path) -> None:
    with pytest.raises(EngineStartError, match="pull") as error:
        load(make(tmp_path))
    assert str(tmp_path) not in error.value.detail


def test_a_detector_is_no_recognizer_and_the_other_way_round() -> None:
    with pytest.raises(EngineStartError, match="no PP-OCR recognizer"):
        recognizer_parts(weights(DETECTOR))
    with pytest.raises(EngineStartError, match="no PP-OCR detector"):
        detector_graph(weights(RECOGNIZER))
