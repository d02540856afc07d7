"""Tiny networks with the inputs and outputs of PP-DocLayoutV3 and SLANet_plus, which always see the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

LABELS = (
    "abstract", "algorithm", "aside_text", "chart", "content", "display_formula", "doc_title", "figure_title",
    "footer", "footer_image", "footnote", "formula_number", "header", "header_image", "image", "inline_formula",
    "number", "paragraph_title", "reference", "reference_content", "seal", "table", "text", "vertical_text",
    "vision_footnote",
)  # fmt: skip
WORDS = (
    "<thead>", "</thead>", "<tbody>", "</tbody>", "<tr>", "</tr>", "<td>", "<td", ">", "</td>",
    ' colspan="2"', ' colspan="3"', ' rowspan="2"', ' rowspan="3"',
)  # fmt: skip
MASK = 200


class Saw(NamedTuple):
    """What the layout network is to see: a box in shares of the page's width and height."""

    label: str
    x0: float
    y0: float
    x1: float
    y1: float
    score: float = 0.95
    order: float | None = None


def layout_network(seen: Sequence[Saw], labels: Sequence[str] = LABELS, *, more_columns: int = 0) -> onnx.ModelProto:
    """Answers in pixels of the page, by the scale that it is given; scores are dimmed by how red the page is."""
    count = len(seen)
    orders = [place if one.order is None else one.order for place, one in enumerate(seen)]
    classes = [labels.index(one.label) if one.label in labels else len(labels) + 9 for one in seen]
    constants = {
        "classes": _column(classes),
        "scores": _column([one.score for one in seen]),
        "shares": np.array([[one.x0, one.y0, one.x1, one.y1] for one in seen], np.float32).reshape(count, 4),
        "orders": np.repeat(_column(orders), 1 + more_columns, axis=1),
        "xyxy": np.array([1, 0, 1, 0], np.int64),
        "red": np.array([0], np.int64),
        "rows": np.array([count], np.int32),
        "mask_shape": np.array([count, MASK, MASK], np.int64),
    }
    nodes = [
        helper.make_node("Div", ["im_shape", "scale_factor"], ["size"]),
        helper.make_node("Gather", ["size", "xyxy"], ["sizes"], axis=1),
        helper.make_node("Mul", ["shares", "sizes"], ["boxes"]),
        helper.make_node("Gather", ["image", "red"], ["reds"], axis=1),
        helper.make_node("ReduceMean", ["reds"], ["brightness"], axes=[0, 1, 2, 3], keepdims=0),
        helper.make_node("Mul", ["scores", "brightness"], ["dimmed"]),
        helper.make_node("Concat", ["classes", "dimmed", "boxes", "orders"], ["fetch_name_0"], axis=1),
        helper.make_node("Identity", ["rows"], ["fetch_name_1"]),
        helper.make_node("ConstantOfShape", ["mask_shape"], ["fetch_name_2"]),
    ]
    return _model(
        nodes,
        [("im_shape", [1, 2]), ("image", [1, 3, 800, 800]), ("scale_factor", [1, 2])],
        [
            ("fetch_name_0", TensorProto.FLOAT, [count, 7 + more_columns]),
            ("fetch_name_1", TensorProto.INT32, [1]),
            ("fetch_name_2", TensorProto.FLOAT, [count, MASK, MASK]),
        ],
        constants,
        labels,
    )


def table_network(written: Sequence[str], boxes: Sequence[Sequence[float]]) -> onnx.ModelProto:
    """Writes these words, and for each that begins a cell gives the next box: shares of the padded square."""
    vocabulary = ["sos", *(word for word in WORDS if word != "<td>"), "<td></td>", "eos"]
    steps = [*written, "eos", "eos"]
    chances = np.full((1, len(steps), len(vocabulary)), 0.01, np.float32)
    corners = np.zeros((1, len(steps), 8), np.float32)
    waiting = iter(boxes)
    for step, word in enumerate(steps):
        chances[0, step, vocabulary.index(word)] = 0.9
        if word in ("<td", "<td></td>"):
            x0, y0, x1, y1 = next(waiting)
            corners[0, step] = (x0, y0, x1, y0, x1, y1, x0, y1)
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["mean"], axes=[0, 1, 2, 3], keepdims=0),
        helper.make_node("Mul", ["mean", "nothing"], ["zero"]),
        helper.make_node("Add", ["corners", "zero"], ["loc"]),
        helper.make_node("Add", ["chances", "zero"], ["structure"]),
    ]
    return _model(
        nodes,
        [("x", [1, 3, 488, 488])],
        [
            ("loc", TensorProto.FLOAT, list(corners.shape)),
            ("structure", TensorProto.FLOAT, list(chances.shape)),
        ],
        {"corners": corners, "chances": chances, "nothing": np.zeros((), np.float32)},
        WORDS,
    )


def _column(values: Sequence[float]) -> NDArray[np.float32]:
    return np.array(values, np.float32).reshape(-1, 1)


def _model(
    nodes: Sequence[onnx.NodeProto],
    inputs: Sequence[tuple[str, list[int]]],
    outputs: Sequence[tuple[str, int, list[int]]],
    constants: dict[str, NDArray[Any]],
    labels: Sequence[str],
) -> onnx.ModelProto:
    graph = helper.make_graph(
        list(nodes),
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in inputs],
        [helper.make_tensor_value_info(name, kind, shape) for name, kind, shape in outputs],
        initializer=[numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {"character": "\n".join(labels)})
    onnx.checker.check_model(model)
    return model
