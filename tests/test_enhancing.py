"""Pages read from better images, where that reads better, with the real engine."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from numpy.typing import NDArray

from fake_engines import CountingEngine
from quire.document import Line, Page, Quality
from quire.engines.base import Engine, PageReading
from quire.enhancing import enhance
from quire.geometry import Box, bounds
from quire.options import EnhanceMode, ReadOptions
from quire.pipeline import read_page
from quire.sources import open_source
from quire.sources.base import PageImage
from sheets import LETTER, image_file, sheet, tilted

Pixels = NDArray[np.uint8]

TEXT = " ".join(LETTER)
SURE, DOUBTFUL = ("twelve words", 0.97), ("twelve wordz", 0.7)
GOOD = Quality(20_000.0, 0.0, 0.8, 1.0, 30.0)
UNEVEN = replace(GOOD, illumination=0.7)
PALE = replace(GOOD, contrast=0.4, noise=9.0)


def faint(pixels: Pixels) -> Pixels:
    """Ink that is hardly darker than its paper."""
    return (225 - (255 - pixels.astype(np.float32)) * 0.03).astype(np.uint8)


def read(pixels: Pixels, engine: Engine, **options: str) -> Page:
    with open_source(image_file(pixels)) as source:
        return read_page(source.page(1), engine, ReadOptions.of(language="en", **options))


def words(page: Page) -> set[str]:
    return {word.text for line in page.lines for word in line.words}


def test_a_faint_page_is_read_with_more_contrast(engine: Engine) -> None:
    plain, better = (read(faint(sheet()), engine, enhance=how) for how in ("never", "auto"))

    assert plain.quality is not None
    assert plain.quality.enhancements == ()
    assert better.quality is not None
    assert better.quality.enhancements == ("contrast",)
    assert len(words(better) & {*TEXT.split()}) > max(25, len(words(plain) & {*TEXT.split()}))


def test_boxes_are_those_of_the_page_as_it_was(engine: Engine) -> None:
    good, better = read(sheet(), engine), read(faint(sheet()), engine)

    boxes = {line.text: bounds([line.box]) for line in good.lines}
    shared = [(bounds([line.box]), boxes[line.text]) for line in better.lines if line.text in boxes]
    assert len(shared) >= 4
    for one, other in shared:
        assert np.abs(np.subtract(one, other)).max() < 12


@pytest.mark.parametrize("change", [lambda p: p, lambda p: tilted(p, 5)], ids=["as it is", "tilted"])
def test_a_page_that_reads_well_is_read_once_and_measured(change: object, engine: Engine) -> None:
    page = read(change(sheet()), engine)  # type: ignore[operator]

    assert page.quality is not None
    assert page.quality.enhancements == ()
    assert page.timings["enhance"] < page.timings["recognize"]


class ScriptedEngine(CountingEngine):
    """Reads one line after another, whatever it sees."""

    def __init__(self, *lines: tuple[str, float]) -> None:
        super().__init__()
        self.left = [*lines]

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        text, confidence = self.left.pop(0)
        return reading(text, confidence)


def reading(text: str, confidence: float) -> PageReading:
    line = Line(text, Box(40, 20, 400, 60).quad, confidence)
    return PageReading(640, 400, 0, 0.0, "en", (line,), timings={"detect": 1.0})


@pytest.mark.parametrize(
    ("measures", "lines", "kept"),
    [
        pytest.param(UNEVEN, [DOUBTFUL, SURE, SURE], ("shadows",), id="surer and as long"),
        pytest.param(UNEVEN, [DOUBTFUL, ("twelve", 0.99)], (), id="surer and shorter"),
        pytest.param(UNEVEN, [DOUBTFUL, ("twelve words", 0.71)], (), id="hardly surer"),
        pytest.param(UNEVEN, [DOUBTFUL, SURE, ("twelve", 0.99)], (), id="the sample better, the page not"),
        pytest.param(GOOD, [], (), id="nothing that the measures call for"),
        pytest.param(PALE, [DOUBTFUL, ("of", 0.5), SURE, SURE], ("contrast",), id="only the first step helps"),
    ],
)
def test_a_better_image_counts_only_if_it_reads_better(
    measures: Quality, lines: list[tuple[str, float]], kept: tuple[str, ...]
) -> None:
    engine = ScriptedEngine(*lines)

    read_again, quality = enhance(PageImage(sheet(), None), reading(*DOUBTFUL), measures, engine, ReadOptions())

    assert engine.left == []
    assert quality.enhancements == kept
    assert read_again.lines[0].text == (SURE if kept else DOUBTFUL)[0]


def test_a_page_so_pale_that_lines_may_be_missing_is_read_again_though_what_was_found_is_sure() -> None:
    engine = ScriptedEngine(("twelve words and many more", 0.97))
    faint_page = replace(GOOD, contrast=0.05)

    found, quality = enhance(PageImage(sheet(), None), reading(*SURE), faint_page, engine, ReadOptions())

    assert (found.lines[0].text, quality.enhancements) == ("twelve words and many more", ("contrast",))
    assert found.timings["detect"] == 2.0


def test_never_means_never() -> None:
    plain = reading(*DOUBTFUL)
    options = ReadOptions(enhance=EnhanceMode.NEVER)
    assert enhance(PageImage(sheet(), None), plain, UNEVEN, ScriptedEngine(), options) == (plain, UNEVEN)
