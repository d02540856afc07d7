"""Which layout reads a page: geometry, or the model where its weights are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import numpy as np
import pytest
from networks import Saw, layout_network, table_network

from quire.document import Document
from quire.engines import registry
from quire.engines.base import Engine
from quire.engines.with_layout import EngineWithLayout
from quire.errors import InvalidOption, ModelDigestMismatch, ModelMissing
from quire.layout_models import choose_layout
from quire.models import catalog
from quire.models.download import pull
from quire.models.store import ModelStore
from quire.options import ReadOptions
from quire.reader import Reader
from sheets import LETTER, image_file, pdf_file, pdf_text, sheet

UPSIDE = [Saw("text", 0.0, 0.5, 1.0, 1.0), Saw("doc_title", 0.0, 0.0, 1.0, 0.5)]
"""The lower half of a page is read first, the upper one is its title."""

TABLE = table_network(
    ["<tr>", "<td></td>", "</tr>", "<tr>", "<td></td>", "</tr>"], [(0, 0, 1, 0.25), (0, 0.25, 1, 0.6)]
)


@pytest.fixture
def start() -> Iterator[object]:
    """Engines of the registry, started; closed at the end."""
    started: list[Engine] = []

    def begin(store: ModelStore, layout: str = "auto") -> Engine:
        started.append(registry.create("ppocr", threads=1, models_dir=store.root, layout=layout))
        started[-1].start()
        return started[-1]

    yield begin
    for engine in started:
        engine.close()


def document(engine: Engine, content: bytes) -> Document:
    return Reader(engine).read(content, ReadOptions())


class TestChoice:
    def test_auto_is_geometry_without_weights(self, runtime, install) -> None:
        assert choose_layout("auto", runtime, install()) is None

    def test_auto_is_the_model_with_weights(self, runtime, install) -> None:
        model = choose_layout("auto", runtime, install(layout_network(UPSIDE)))

        assert model is not None
        assert list(model.models) == ["pp-doclayoutv3"]

    def test_the_table_network_is_taken_along_where_it_is(self, runtime, install) -> None:
        model = choose_layout("auto", runtime, install(layout_network(UPSIDE), TABLE))

        assert model is not None
        assert list(model.models) == ["pp-doclayoutv3", "slanet-plus"]

    def test_geometry_leaves_weights_alone(self, runtime, install) -> None:
        assert choose_layout("geometry", runtime, install(layout_network(UPSIDE))) is None

    def test_a_model_that_is_missing_says_how_to_get_it(self, runtime, install) -> None:
        with pytest.raises(ModelMissing, match="quire models pull pp-doclayoutv3"):
            choose_layout("model", runtime, install())

    def test_a_damaged_model_is_refused_where_it_is_asked_for(self, runtime, install) -> None:
        store = install(layout_network(UPSIDE))
        store.path(catalog.entry("pp-doclayoutv3")).write_bytes(b"damaged")

        assert choose_layout("auto", runtime, store) is None
        with pytest.raises(ModelDigestMismatch, match="pull"):
            choose_layout("model", runtime, store)

    def test_what_there_is_not_is_refused(self, runtime, install) -> None:
        with pytest.raises(InvalidOption, match="auto, geometry, model"):
            choose_layout("guess", runtime, install())


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[str]:
    """A folder of weights on a local server: `(address, folder)`."""
    folder = tmp_path / "mirror"
    folder.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Keeps the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_pulled_weights_are_used_from_then_on(runtime, install, publish, mirror, tmp_path) -> None:
    store = install()
    entry, content = publish("pp-doclayoutv3", layout_network(UPSIDE))
    (tmp_path / "mirror" / entry.file_name).write_bytes(content)
    assert choose_layout("auto", runtime, store) is None

    with httpx.Client(trust_env=False) as client:
        pull(entry, store, mirror=mirror, client=client)

    model = choose_layout("auto", runtime, store)
    assert model is not None
    model.start()
    found = model.regions(np.full((100, 200, 3), 255, np.uint8))
    assert [(one.kind, one.box) for one in found] == [
        ("paragraph", pytest.approx((0, 50, 200, 100))),
        ("title", pytest.approx((0, 0, 200, 50))),
    ]


def test_cells_of_a_table_reach_the_region(runtime, install) -> None:
    model = choose_layout("auto", runtime, install(layout_network([Saw("table", 0.1, 0.1, 0.9, 0.9)]), TABLE))
    assert model is not None
    model.start()
    (region,) = model.regions(np.full((300, 400, 3), 255, np.uint8))

    assert [(cell.row, cell.column) for cell in region.cells] == [(0, 0), (1, 0)]
    assert region.cells[0].box == pytest.approx((40, 30, 361, 110), abs=1.5)


class TestReading:
    def test_a_scan_is_laid_out_as_the_model_sees_it(self, install, start) -> None:
        engine = start(install(layout_network(UPSIDE)))
        (page,) = document(engine, image_file(sheet(LETTER[:6]))).pages

        assert page.blocks[-1].kind == "title"
        assert page.blocks[-1].text.startswith(LETTER[0])
        assert page.timings["layout_model"] > 0

    def test_a_text_layer_is_laid_out_as_the_model_sees_its_page(self, install, start) -> None:
        engine = start(install(layout_network(UPSIDE)))
        (page,) = document(engine, pdf_file(pdf_text(*LETTER))).pages

        assert page.source == "text_layer"
        assert page.timings["layout_model"] > 0
        assert page.blocks[0].kind == "title"

    def test_an_engine_without_the_model_lays_out_by_geometry(self, install, start) -> None:
        engine = start(install(layout_network(UPSIDE)), "geometry")
        (page,) = document(engine, image_file(sheet(LETTER[:6]))).pages

        assert not isinstance(engine, EngineWithLayout)
        assert "layout_model" not in page.timings

    def test_the_engine_says_which_models_it_reads_with(self, install) -> None:
        store = install(layout_network(UPSIDE), TABLE)
        plain = registry.create("ppocr", threads=1, models_dir=store.root, layout="geometry").info
        info = registry.create("ppocr", threads=1, models_dir=store.root).info

        assert {**plain.models, "pp-doclayoutv3": info.models["pp-doclayoutv3"]}.items() < info.models.items()
        assert info.version != plain.version
        assert info.version.startswith(plain.version)
        assert info.name == plain.name
