"""What every engine promises, checked for PP-OCR on each runtime and for Tesseract."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from quire.engines import registry
from quire.engines.base import Engine, PageReading
from quire.errors import CapabilityMissing, InvalidOption, UnknownLanguage
from quire.options import ReadOptions
from quire.sources.base import PageImage
from sheets import assert_same, sheet, texts

LINES = ("The harbour was", "quiet at dawn")


@pytest.fixture(
    params=["openvino", "onnxruntime", "tesseract"],
    ids=["PP-OCR on OpenVINO", "PP-OCR on ONNX Runtime", "Tesseract"],
    scope="module",
)
def any_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "openvino":
        yield request.getfixturevalue("engine")
        return
    started = _tesseract() if request.param == "tesseract" else _on(request.param)
    started.start()
    yield started
    started.close()


def _tesseract() -> Engine:
    if shutil.which("tesseract") is None:
        pytest.skip("the program tesseract is not installed: apt-get install tesseract-ocr")
    return registry.create("tesseract", threads=2, layout="geometry")


def _on(runtime: str) -> Engine:
    pytest.importorskip(runtime)
    return registry.create("ppocr", runtime=runtime, threads=2)


@pytest.fixture(scope="module")
def image() -> PageImage:
    return PageImage(sheet(LINES, size_px=(320, 160)), 150.0)


@pytest.fixture(scope="module")
def reading(any_engine: Engine, image: PageImage) -> PageReading:
    return any_engine.read(image, ReadOptions())


def test_it_says_what_it_is_and_can_do(any_engine: Engine) -> None:
    info = any_engine.info
    assert info.name in registry.available()
    assert re.fullmatch(r"[\w.+]+", info.version)
    assert "text" in info.tasks
    assert "en" in info.languages
    assert info.runtime.split()[0] in (*registry.RUNTIMES, "tesseract")
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in info.models.values())
    assert info.to_dict()["languages"] == list(info.languages)
    assert any_engine.concurrency >= 1


def test_the_default_engine_reads_several_scripts_with_weights_that_are_named(engine: Engine) -> None:
    assert {"en", "de", "zh"} <= set(engine.info.languages)
    assert len(engine.info.models) == 2


def test_it_reads_what_is_written(reading: PageReading) -> None:
    assert texts(reading) == list(LINES)
    assert all(0.5 <= line.confidence <= 1 for line in reading.lines)


def test_boxes_lie_on_the_upright_page_and_start_at_the_texts_top_left(reading: PageReading) -> None:
    assert (reading.width, reading.height) == (320, 160)
    for line in reading.lines:
        for (left, top), (right, _), (_, bottom), _ in (line.box, *(word.box for word in line.words)):
            assert -5 < left < right < 325
            assert -5 < top < bottom < 165


def test_it_leaves_the_pixels_alone(any_engine: Engine, image: PageImage) -> None:
    before = image.pixels.copy()
    any_engine.read(image, ReadOptions())
    assert np.array_equal(image.pixels, before)


def test_an_empty_page_has_no_lines(any_engine: Engine) -> None:
    blank = PageImage(np.full((160, 320, 3), 255, np.uint8), None)
    assert any_engine.read(blank, ReadOptions()).lines == ()


def test_a_language_it_does_not_know_is_refused(any_engine: Engine, image: PageImage) -> None:
    with pytest.raises(UnknownLanguage):
        any_engine.read(image, ReadOptions(language="xx"))


def test_threads_may_read_at_once(any_engine: Engine, image: PageImage, reading: PageReading) -> None:
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda _: any_engine.read(image, ReadOptions()), range(4)))
    for each in together:
        assert_same(each, reading)


def test_an_engine_or_runtime_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(CapabilityMissing, match="use one of ppocr"):
        registry.create("abacus")
    with pytest.raises(InvalidOption, match="use one of auto, openvino, onnxruntime"):
        registry.create("ppocr", runtime="abacus")
