"""SLANet_plus's inputs and outputs, with a tiny network in its place."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from networks import LABELS, Saw, layout_network, table_network

from quire.errors import EngineStartError
from quire.geometry import Box
from quire.layout_models.structure import TableReader
from quire.models import catalog

ENTRY = catalog.entry("slanet-plus")
PAPER = np.full((1000, 800, 3), 255, np.uint8)
TABLE = Box(100, 200, 500, 400)
ROWS = ["<thead>", "<tr>", "<td", ' colspan="2"', ">", "</td>", "</tr>", "</thead>"]
ROWS += ["<tbody>", "<tr>", "<td></td>", "<td></td>", "</tr>", "</tbody>"]
# Shares of the square whose side is the table's width.
BOXES = [(0.0, 0.0, 1.0, 0.25), (0.0, 0.25, 0.5, 0.5), (0.5, 0.25, 1.0, 0.5)]


@pytest.fixture
def cells(runtime, tmp_path):
    """What the reader sees in the table when the network writes this."""

    def look(words, boxes, box=TABLE):
        path = tmp_path / "network.onnx"
        onnx.save(table_network(words, boxes), path)
        return TableReader(runtime, path, ENTRY).cells(PAPER, box)

    return look


def test_cells_are_in_pixels_of_the_page(cells) -> None:
    found = cells(ROWS, BOXES)

    assert [(cell.row, cell.column, cell.row_span, cell.column_span, cell.header) for cell in found] == [
        (0, 0, 1, 2, True),
        (1, 0, 1, 1, False),
        (1, 1, 1, 1, False),
    ]
    expected = [(100, 200, 500, 300), (100, 300, 300, 400), (300, 300, 500, 400)]
    assert [cell.box for cell in found] == [pytest.approx(box, abs=1.5) for box in expected]


def test_cells_end_where_the_table_does(cells) -> None:
    found = cells(ROWS, [(-1.0, -1.0, 9.0, 9.0)] * 3)

    assert found[0].box == pytest.approx((100, 200, 501, 401))


@pytest.mark.parametrize(
    ("words", "box"),
    [
        pytest.param([], TABLE, id="nothing is written"),
        pytest.param(["<tr>", "<td></td>", "</tr>"], TABLE, id="one cell is no table"),
        pytest.param(ROWS, Box(100, 200, 104, 400), id="a table too small to be looked at"),
    ],
)
def test_no_cells(cells, words, box) -> None:
    assert cells(words, BOXES, box) == ()


def test_another_network_is_refused(runtime, tmp_path) -> None:
    path = tmp_path / "network.onnx"
    onnx.save(layout_network([Saw("text", 0, 0, 1, 1)], LABELS), path)

    with pytest.raises(EngineStartError, match="pull"):
        TableReader(runtime, path, ENTRY)
