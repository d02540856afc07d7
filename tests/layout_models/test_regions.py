"""PP-DocLayoutV3's inputs and outputs, with a tiny network in its place."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from networks import LABELS, Saw, layout_network

from quire.errors import EngineStartError
from quire.layout_models.classes import CLASSES
from quire.layout_models.network import read_network
from quire.layout_models.overlaps import Seen
from quire.layout_models.regions import RegionDetector
from quire.models import catalog
from quire.runtimes.base import Runtime

WIDTH, HEIGHT = 1531, 2203
PAPER = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
ENTRY = catalog.entry("pp-doclayoutv3")


@pytest.fixture
def seen(runtime: Runtime, tmp_path):
    """What the detector makes of a page on which the network sees this."""

    def look(*rows: Saw, pixels: np.ndarray = PAPER, more_columns: int = 0) -> list[Seen]:
        path = tmp_path / "network.onnx"
        onnx.save(layout_network(rows, more_columns=more_columns), path)
        return RegionDetector(runtime, path, ENTRY).regions(pixels)

    return look


def test_boxes_are_in_pixels_of_the_page_to_the_tenth(seen) -> None:
    (found,) = seen(Saw("text", 0.1337, 0.2779, 0.7331, 0.9117))

    assert found.kind == "paragraph"
    assert found.box == pytest.approx((0.1337 * WIDTH, 0.2779 * HEIGHT, 0.7331 * WIDTH, 0.9117 * HEIGHT), abs=0.05)


def test_boxes_end_at_the_page(seen) -> None:
    (found,) = seen(Saw("text", -0.1, -0.2, 1.1, 0.5))

    assert found.box == pytest.approx((0, 0, WIDTH, 0.5 * HEIGHT), abs=0.1)


@pytest.mark.parametrize("more_columns", [0, 1], ids=["one column of the order", "two columns of the order"])
def test_regions_come_in_the_networks_reading_order(seen, more_columns) -> None:
    found = seen(
        Saw("text", 0.1, 0.1, 0.4, 0.4, order=7),
        Saw("table", 0.6, 0.1, 0.9, 0.4, order=2),
        Saw("doc_title", 0.1, 0.6, 0.4, 0.9, order=299),
        more_columns=more_columns,
    )

    assert [one.kind for one in found] == ["table", "paragraph", "title"]


@pytest.mark.parametrize("label", LABELS)
def test_a_class_counts_from_its_own_threshold(seen, label) -> None:
    kind, threshold = CLASSES[label]
    found = seen(
        Saw(label, 0.1, 0.1, 0.3, 0.3, score=threshold + 0.01), Saw(label, 0.6, 0.6, 0.9, 0.9, score=threshold - 0.01)
    )

    assert [one.kind for one in found] == ([] if kind is None else [kind])


def test_rows_that_make_no_sense_are_left_out(seen) -> None:
    found = seen(
        Saw("nothing known", 0.1, 0.1, 0.3, 0.3),
        Saw("text", 0.1, float("nan"), 0.3, 0.3),
        Saw("text", 0.5, 0.5, 0.4, 0.4),
        Saw("text", 0.1, 0.1, 0.3, 0.3),
    )

    assert len(found) == 1


def test_the_network_sees_red_first(seen) -> None:
    red, blue = PAPER.copy(), PAPER.copy()
    red[:, :, :2] = 0
    blue[:, :, 1:] = 0

    assert len(seen(Saw("text", 0.1, 0.1, 0.3, 0.3), pixels=red)) == 1
    assert seen(Saw("text", 0.1, 0.1, 0.3, 0.3), pixels=blue) == []


def test_masks_are_not_computed(tmp_path) -> None:
    onnx.save(layout_network([Saw("text", 0.1, 0.1, 0.3, 0.3)]), tmp_path / "network.onnx")
    network = read_network(tmp_path / "network.onnx", "character", inputs=3, outputs=2)

    assert network.outputs == ("fetch_name_0", "fetch_name_1")
    assert network.labels == LABELS


@pytest.mark.parametrize("labels", [(), ("cat", "dog")], ids=["no labels", "labels of another network"])
def test_another_network_is_refused_with_a_remedy(runtime, tmp_path, labels) -> None:
    path = tmp_path / "network.onnx"
    onnx.save(layout_network([Saw("text", 0.1, 0.1, 0.3, 0.3)], labels), path)

    with pytest.raises(EngineStartError, match="pull"):
        RegionDetector(runtime, path, ENTRY)


def test_a_file_that_is_no_network_is_refused(runtime, tmp_path) -> None:
    path = tmp_path / "network.onnx"
    path.write_bytes(b"\xff" * 100)

    with pytest.raises(EngineStartError, match="pull"):
        RegionDetector(runtime, path, ENTRY)


def test_every_class_of_the_network_has_a_kind_or_is_left_out_on_purpose() -> None:
    assert set(CLASSES) == set(LABELS)
    assert [label for label, known in CLASSES.items() if known.kind is None] == ["inline_formula", "reference"]
