"""PP-OCR's ONNX graphs, rewritten into equal ones that cost less.

Every rewrite keeps the function (up to rounding) and changes who does the work:

* pixels go in as uint8 NHWC and are normalised inside, so the host touches an eighth of the bytes;
* the detector ends in logits instead of probabilities: a sigmoid is monotonic, so a threshold needs none;
* the detector's two stride-2 deconvolutions become 1×1 convolutions at a quarter of the size, whose 16 channels
  are the 4×4 pixels they would have written: matrix units instead of a float32 loop over the full page;
* the recognizer ends before its output layer, which is run apart for the vocabulary that a page needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from quire.errors import EngineStartError

PIXELS = "pixels"
LOGITS = "logits"
FEATURES = "features"
PROBABILITIES = "probabilities"


@dataclass(frozen=True, slots=True)
class RecognizerParts:
    """A recognizer cut before its output layer.

    Attributes:
        body: uint8 crops (1, 48, W, 3) named "pixels" → features (1, W/8, C) named "features".
        weight: (C, classes) float32.
        bias: (classes,) float32.
        characters: what each class stands for; class 0 is the CTC blank, an empty string.
    """

    body: onnx.ModelProto
    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    characters: tuple[str, ...]


def detector_graph(path: Path) -> onnx.ModelProto:
    """The detector: uint8 (1, H, W, 3) "pixels" → (1, 16, H/4, W/4) "logits", channel 4r+s being pixel (r, s).

    Raises:
        EngineStartError: the file is no PP-OCR detector.
    """
    model = _load(path)
    deconvolutions = [node for node in model.graph.node if node.op_type == "ConvTranspose"]
    if len(deconvolutions) != 2 or model.graph.node[-1].op_type != "Sigmoid":
        raise EngineStartError(f"{path.name} is no PP-OCR detector: pull the model again")
    _replace_deconvolutions(model, *deconvolutions)
    _take_pixels(model)
    return model


def recognizer_parts(path: Path) -> RecognizerParts:
    """The recognizer, cut before its last matrix product.

    Raises:
        EngineStartError: the file is no PP-OCR recognizer with its characters inside.
    """
    model = _load(path)
    graph = model.graph
    products = [index for index, node in enumerate(graph.node) if node.op_type in ("MatMul", "Gemm")]
    listed = next((prop.value for prop in model.metadata_props if prop.key == "character"), None)
    if not products or listed is None:
        raise EngineStartError(f"{path.name} is no PP-OCR recognizer with its characters inside: pull it again")
    last = products[-1]
    weight = _constant(graph, graph.node[last].input[1])
    bias = _following_bias(graph, graph.node[last])
    features = graph.node[last].input[0]
    del graph.node[last:]
    _set_output(graph, features, FEATURES)
    _drop_unused(graph)
    _take_pixels(model)
    characters = ("", *listed.split("\n"))
    # The list leaves out the space, which is the last class; some lists end in an empty row.
    characters = (*characters[: weight.shape[1] - 1], " ")
    if len(characters) != weight.shape[1]:
        raise EngineStartError(f"{path.name} names {len(characters)} characters for {weight.shape[1]} classes")
    return RecognizerParts(model, weight.astype(np.float32), bias.astype(np.float32), characters)


def head_graph(weight: NDArray[np.float32], bias: NDArray[np.float32]) -> onnx.ModelProto:
    """Output layer for a vocabulary: (T, C) "features" → (T, classes) "probabilities"."""
    nodes = [
        helper.make_node("MatMul", [FEATURES, "weight"], ["product"]),
        helper.make_node("Add", ["product", "bias"], [LOGITS]),
        helper.make_node("Softmax", [LOGITS], [PROBABILITIES], axis=-1),
    ]
    graph = helper.make_graph(
        nodes,
        "head",
        [helper.make_tensor_value_info(FEATURES, onnx.TensorProto.FLOAT, ["T", weight.shape[0]])],
        [helper.make_tensor_value_info(PROBABILITIES, onnx.TensorProto.FLOAT, ["T", weight.shape[1]])],
        [numpy_helper.from_array(weight, "weight"), numpy_helper.from_array(bias, "bias")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def _load(path: Path) -> onnx.ModelProto:
    try:
        model = onnx.load(str(path))
    except Exception as exc:
        raise EngineStartError(f"{path.name} is no ONNX model: pull the model again") from exc
    _drop_identities(model.graph)
    return model


def _replace_deconvolutions(model: onnx.ModelProto, first: onnx.NodeProto, second: onnx.NodeProto) -> None:
    """conv(2×2, stride 2) → bias → ReLU → conv(2×2, stride 2) → bias → sigmoid, as two 1×1 convolutions.

    With W1 (I, O, 2, 2) and W2 (O, 1, 2, 2), output pixel (4i+2a+c, 4j+2b+d) depends on input pixel (i, j) alone.
    """
    graph = model.graph
    first_weight, second_weight = (_constant(graph, node.input[1]) for node in (first, second))
    first_bias, second_bias = (_following_bias(graph, node) for node in (first, second))
    inputs, outputs = first_weight.shape[:2]
    weight = first_weight.transpose(2, 3, 1, 0).reshape(4 * outputs, inputs, 1, 1)
    spread = np.zeros((2, 2, 2, 2, 2, 2, outputs), np.float32)  # r = 2a+c, s = 2b+d → (a, c, b, d) ← (a, b, o)
    for a in range(2):
        for b in range(2):
            spread[a, :, b, :, a, b, :] = second_weight[:, 0].transpose(1, 2, 0)
    start = next(index for index, node in enumerate(graph.node) if node is first or node.name == first.name)
    del graph.node[start:]
    graph.initializer.extend(
        [
            numpy_helper.from_array(np.ascontiguousarray(weight), "shuffle1.weight"),
            numpy_helper.from_array(np.tile(first_bias.reshape(-1), 4).astype(np.float32), "shuffle1.bias"),
            numpy_helper.from_array(spread.reshape(16, 4 * outputs, 1, 1), "shuffle2.weight"),
            numpy_helper.from_array(np.repeat(second_bias.reshape(-1), 16).astype(np.float32), "shuffle2.bias"),
        ]
    )
    graph.node.extend(
        [
            helper.make_node("Conv", [first.input[0], "shuffle1.weight", "shuffle1.bias"], ["shuffle1"]),
            helper.make_node("Relu", ["shuffle1"], ["shuffle1.relu"]),
            helper.make_node("Conv", ["shuffle1.relu", "shuffle2.weight", "shuffle2.bias"], [LOGITS]),
        ]
    )
    _set_output(graph, LOGITS, LOGITS)
    _drop_unused(graph)


def _take_pixels(model: onnx.ModelProto) -> None:
    """Makes the network's input uint8 NHWC and normalises it inside: (x / 255 − 0.5) / 0.5."""
    graph = model.graph
    old = graph.input[0]
    height = old.type.tensor_type.shape.dim[2]
    rows = height.dim_value or "H"
    for node in graph.node:
        for index, name in enumerate(node.input):
            if name == old.name:
                node.input[index] = "normalised"
    graph.initializer.extend(
        [
            numpy_helper.from_array(np.array(2 / 255, np.float32), "pixel.scale"),
            numpy_helper.from_array(np.array(-1, np.float32), "pixel.shift"),
        ]
    )
    prelude = [
        helper.make_node("Cast", [PIXELS], ["pixels.float"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", ["pixels.float", "pixel.scale"], ["pixels.scaled"]),
        helper.make_node("Add", ["pixels.scaled", "pixel.shift"], ["pixels.shifted"]),
        helper.make_node("Transpose", ["pixels.shifted"], ["normalised"], perm=[0, 3, 1, 2]),
    ]
    _set_nodes(graph, [*prelude, *graph.node])
    del graph.input[:]
    graph.input.append(helper.make_tensor_value_info(PIXELS, onnx.TensorProto.UINT8, ["N", rows, "W", 3]))


def _drop_identities(graph: onnx.GraphProto) -> None:
    """Removes the converter's 140 identity nodes, which only lengthen loading."""
    renamed: dict[str, str] = {}
    outputs = {output.name for output in graph.output}
    kept = []
    for node in graph.node:
        for index, name in enumerate(node.input):
            node.input[index] = renamed.get(name, name)
        if node.op_type == "Identity" and node.output[0] not in outputs:
            renamed[node.output[0]] = node.input[0]
        else:
            kept.append(node)
    _set_nodes(graph, kept)


def _set_nodes(graph: onnx.GraphProto, nodes: list[onnx.NodeProto]) -> None:
    copies = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(copies)


def _set_output(graph: onnx.GraphProto, tensor: str, name: str) -> None:
    if tensor != name:
        graph.node.append(helper.make_node("Identity", [tensor], [name]))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))


def _drop_unused(graph: onnx.GraphProto) -> None:
    used = {name for node in graph.node for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    del graph.value_info[:]


def _constant(graph: onnx.GraphProto, name: str) -> NDArray[np.float32]:
    for tensor in graph.initializer:
        if tensor.name == name:
            return np.asarray(numpy_helper.to_array(tensor), np.float32)
    raise EngineStartError(f"the network has no weights named {name}: pull the model again")


def _following_bias(graph: onnx.GraphProto, node: onnx.NodeProto) -> NDArray[np.float32]:
    for user in graph.node:
        if user.op_type == "Add" and node.output[0] in user.input:
            return _constant(graph, next(name for name in user.input if name != node.output[0]))
    raise EngineStartError("the network's last layer has no bias: pull the model again")
