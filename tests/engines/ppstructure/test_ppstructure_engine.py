"""The engine, against a server of PaddleX's API and a stand-in for the package paddleocr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Timer
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from paddlex_server import Manner, PaddlexServer
from pages_said import article, page, region

from quire.engines import registry
from quire.engines.base import Engine
from quire.engines.ppstructure import serving
from quire.engines.ppstructure.config import PpStructureConfig
from quire.errors import (
    Cancelled,
    CapabilityMissing,
    EngineFailed,
    EngineStartError,
    InvalidOption,
    Overloaded,
    UnknownLanguage,
)
from quire.options import ReadOptions
from quire.sources.base import PageImage

PAGE = PageImage(np.full((300, 400, 3), 255, np.uint8), 150.0)
OPTIONS = ReadOptions()
Meet = Callable[..., Engine]


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_BACKOFF_S", 0.01)


@pytest.fixture
def meet() -> Iterator[Meet]:
    """Starts a server of the given manner, and the engine that asks it."""
    with ExitStack() as held:

        def start(manner: Manner, **config: Any) -> Engine:
            url = held.enter_context(PaddlexServer(manner)).url
            engine = registry.create("ppstructure", ppstructure=PpStructureConfig(url=url, **config))
            held.callback(engine.close)
            engine.start()
            return engine

        yield start


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


def test_a_page_is_read_by_the_server(meet: Meet) -> None:
    manner = Manner(article())
    reading = meet(manner).read(PAGE, OPTIONS)

    assert (reading.width, reading.height, reading.rotation, reading.skew_degrees) == (400, 300, 0, 0.0)
    assert [block.kind for block in reading.blocks][:5] == ["title", "heading", "paragraph", "caption", "table"]
    assert len(reading.tables) == 1
    assert manner.sizes == [(400, 300)]


def test_the_server_is_asked_for_no_pictures_and_for_boxes_of_the_page_as_it_is(meet: Meet) -> None:
    manner = Manner()
    meet(manner).read(PAGE, ReadOptions(min_confidence=0.7, orientation="never"))

    (asked,) = manner.asked
    assert asked.model_dump(exclude={"file"}, exclude_none=True) == {
        "fileType": 1,
        "useDocOrientationClassify": False,
        "useDocUnwarping": False,
        "formatBlockContent": False,
        "textRecScoreThresh": 0.7,
        "sealRecScoreThresh": 0.7,
        "returnMarkdownImages": False,
        "visualize": False,
    }


def test_a_pipeline_file_is_asked_for_and_what_cannot_be_is_logged(
    meet: Meet, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_text(
        "use_table_recognition: False\n"
        "SubModules: {LayoutDetection: {model_name: PP-DocLayout-S, threshold: 0.4, layout_unclip_ratio: [1.0, 1.2]}}\n"
    )
    manner = Manner()
    meet(manner, pipeline=path).read(PAGE, OPTIONS)

    (asked,) = manner.asked
    assert (asked.useTableRecognition, asked.layoutThreshold, asked.layoutUnclipRatio) == (False, 0.4, (1.0, 1.2))
    (record,) = caplog.records
    assert "SubModules.LayoutDetection.model_name" in record.getMessage()


def test_another_pipeline_file_is_another_version(meet: Meet, tmp_path: Path) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_text("use_table_recognition: False")

    assert meet(Manner(), pipeline=path).info.version != meet(Manner()).info.version


def test_a_page_that_was_turned_says_so(meet: Meet) -> None:
    said = page([region("text", (0, 0, 300, 50), "upright")], size=(300, 400), doc_preprocessor_res={"angle": 90})
    reading = meet(Manner(said)).read(PAGE, OPTIONS)

    assert (reading.width, reading.height, reading.rotation) == (300, 400, 270)


def test_a_passing_failure_is_tried_again(meet: Meet) -> None:
    manner = Manner(article(), fails=[500, 503])

    assert meet(manner).read(PAGE, OPTIONS).blocks
    assert len(manner.asked) == 3


@pytest.mark.parametrize(
    ("manner", "error", "said"),
    [
        pytest.param(Manner(fails=[500] * 9), EngineFailed, "look into its log", id="fails for good"),
        pytest.param(Manner(fails=[503] * 9), Overloaded, "busy", id="stays busy"),
        pytest.param(Manner(fails=[422]), EngineFailed, "lower dpi", id="refuses the page"),
        pytest.param(Manner(fails=[404]), EngineFailed, "--pipeline PP-StructureV3", id="runs another pipeline"),
        pytest.param(Manner(loaded=False), EngineFailed, "has not loaded all", id="has not the models"),
        pytest.param(Manner(body=b"<html>"), EngineFailed, "could not read the page|holds no page", id="is a web page"),
        pytest.param(Manner(body=b'{"errorCode": 0}'), EngineFailed, "holds no page", id="says nothing"),
        pytest.param(Manner(body=b'{"errorCode": 7}'), EngineFailed, "could not read", id="says it failed"),
        pytest.param(Manner({"parsing_res_list": 3}), EngineFailed, "parsing_res_list", id="answers in another form"),
    ],
)
def test_a_server_that(meet: Meet, manner: Manner, error: type[Exception], said: str) -> None:
    engine = meet(manner)

    with pytest.raises(error, match=said):
        engine.read(PAGE, OPTIONS)


def test_a_server_that_is_too_slow_is_left(meet: Meet) -> None:
    manner = Manner(pause_s=5.0)

    with pytest.raises(EngineFailed, match=r"`ppstructure.timeout_s`"):
        meet(manner, timeout_s=0.2).read(PAGE, OPTIONS)
    wait_until(lambda: manner.running == 0)


def test_who_leaves_frees_the_server(meet: Meet) -> None:
    manner = Manner(pause_s=30.0)
    engine, stop = meet(manner), Event()
    Timer(0.2, stop.set).start()

    with pytest.raises(Cancelled):
        engine.read(PAGE, OPTIONS, stop)
    wait_until(lambda: manner.running == 0)


def test_the_server_is_given_so_many_pages_and_no_more(meet: Meet) -> None:
    manner = Manner(article(), pause_s=0.05)
    engine = meet(manner, in_flight=3)

    with ThreadPoolExecutor(12) as threads:
        readings = [*threads.map(lambda _: engine.read(PAGE, OPTIONS), range(12))]

    assert manner.most_running == 3
    assert all(reading.blocks == readings[0].blocks for reading in readings)
    assert engine.info.pages_at_once == engine.concurrency == 3


def test_closing_ends_what_is_under_way(meet: Meet) -> None:
    manner = Manner(pause_s=30.0)
    engine = meet(manner)
    Timer(0.2, engine.close).start()

    with pytest.raises(Cancelled):
        engine.read(PAGE, OPTIONS)


def test_where_no_server_is_the_error_names_the_command() -> None:
    engine = registry.create("ppstructure", ppstructure=PpStructureConfig(url="http://127.0.0.1:9"))

    with pytest.raises(EngineStartError, match="paddlex --serve --pipeline PP-StructureV3"):
        engine.start()


def test_another_server_is_not_taken_for_paddlex(meet: Meet) -> None:
    with pytest.raises(EngineStartError, match="no PaddleX server"):
        meet(Manner(health={"status": "ok"}))


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidOption, match=r"`ppstructure.url`"):
        registry.create("ppstructure", ppstructure=PpStructureConfig(url="http://[::"))


def test_a_language_that_the_recognizer_does_not_know_is_refused(meet: Meet) -> None:
    with pytest.raises(UnknownLanguage, match="use 'auto'"):
        meet(Manner()).read(PAGE, ReadOptions(language="de"))


# ---- in this process


class Pipeline:
    """`paddleocr.PPStructureV3`, as far as it is used."""

    def __init__(self, *, paddlex_config: dict[str, Any] | None = None) -> None:
        self.config = paddlex_config
        self.closed = False
        made.append(self)
        if (paddlex_config or {}).get("batch_size") == 7:
            raise RuntimeError("No available model hosting platforms detected.")

    def predict(self, input: Any, *, use_doc_unwarping: bool, text_rec_score_thresh: float, **more: Any) -> list[Any]:
        if text_rec_score_thresh > 0.9:
            raise ValueError("broken")
        assert not use_doc_unwarping
        input[:] = 0  # it paints over formulas
        result = ModuleType("result")
        result.json = {"res": article()}  # type: ignore[attr-defined]
        return [result]

    def close(self) -> None:
        self.closed = True


made: list[Pipeline] = []


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> list[Pipeline]:
    """The pipelines that were made by a package of that name."""
    module = ModuleType("paddleocr")
    module.PPStructureV3 = Pipeline  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "paddleocr", module)
    made.clear()
    return made


def local(pipeline: Path | None = None) -> Engine:
    return registry.create("ppstructure", ppstructure=PpStructureConfig(runner="local", pipeline=pipeline))


def test_without_the_package_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "paddleocr", None)

    with pytest.raises(CapabilityMissing, match="pip install"):
        local().start()


def test_the_package_reads_a_page_and_leaves_its_pixels_alone(package: list[Pipeline]) -> None:
    engine = local()
    engine.start()
    reading = engine.read(PAGE, OPTIONS)
    engine.close()

    assert [block.kind for block in reading.blocks][:2] == ["title", "heading"]
    assert PAGE.pixels.min() == 255
    assert package[0].config is None
    assert package[0].closed
    assert (engine.info.pages_at_once, engine.concurrency) == (1, 1)


def test_the_package_is_given_the_pipeline_file_whole(package: list[Pipeline], tmp_path: Path) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_text("SubModules: {LayoutDetection: {threshold: {0: 0.3}}}")
    local(path).start()

    assert package[0].config == {"SubModules": {"LayoutDetection": {"threshold": {0: 0.3}}}}


def test_a_pipeline_that_cannot_be_built_names_what_to_look_at(package: list[Pipeline], tmp_path: Path) -> None:
    path = tmp_path / "pipeline.yaml"
    path.write_text("batch_size: 7")

    with pytest.raises(EngineStartError, match="weights"):
        local(path).start()


def test_a_page_that_breaks_the_package_is_one_pages_failure(package: list[Pipeline]) -> None:
    engine = local()
    engine.start()

    with pytest.raises(EngineFailed, match="PP-StructureV3 failed"):
        engine.read(PAGE, ReadOptions(min_confidence=0.95))
    assert engine.read(PAGE, OPTIONS).blocks
