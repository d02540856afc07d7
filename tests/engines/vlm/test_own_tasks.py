"""Tasks that a model answers by itself, from the question to the document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from talking_server import Manner, TalkingServer

from quire.document import Document, Line, Match, Page
from quire.engines.base import EngineInfo, PageReading
from quire.engines.vlm.client import ModelClient
from quire.engines.vlm.config import VlmConfig
from quire.engines.vlm.engine import VlmEngine
from quire.engines.vlm.families.base import ALL_TASKS, Family
from quire.engines.vlm.families.deepseek import DeepSeekOcr
from quire.engines.vlm.families.dots import Dots
from quire.errors import CapabilityMissing, InvalidOption
from quire.geometry import Box
from quire.options import ReadOptions
from quire.reader import Reader
from quire.sources.base import PageImage
from quire.tasks import perform

IMAGE = cv2.imencode(".png", np.full((999, 999, 3), 255, np.uint8))[1].tobytes()
FOUND = "<|ref|>Total 12.50<|/ref|><|det|>[[100, 200, 300, 220]]<|/det|>"

Read = Callable[..., Document]


class Letters:
    """Reads one known line, far from where the model sees anything."""

    info = EngineInfo("letters", "1", ALL_TASKS, ("en",), "none")
    concurrency = 1
    shown: NDArray[np.uint8] | None = None

    def start(self) -> None:
        pass

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        self.shown = image.pixels
        line = Line("The total of all", Box(500, 700, 900, 730).quad, 0.9)
        return PageReading(image.width, image.height, 0, 0.0, "en", (line,))

    def close(self) -> None:
        pass


@pytest.fixture
def read() -> Iterator[Read]:
    """Reads a page with a model that says the same whatever it is asked."""
    with ExitStack() as held:

        def one(says: str, family: Family | None = None, **options: object) -> Document:
            url = held.enter_context(TalkingServer(Manner(says=says))).url
            engine = VlmEngine(family or DeepSeekOcr(), ModelClient(VlmConfig(urls=(url,))), Letters())
            engine.start()
            reader = Reader(engine)
            held.callback(reader.close)
            return reader.read(IMAGE, ReadOptions.of(engine=engine.info.name, **options))

        yield one


def test_what_the_model_finds_are_the_matches(read: Read) -> None:
    (page,) = read(FOUND, task="locate", find="total").pages

    assert [(match.text, match.boxes[0][0]) for match in page.matches] == [("Total 12.50", (100, 200))]
    assert (page.answers, page.engine) == ("locate", "deepseek")
    assert json.loads(json.dumps(page.to_dict()))["answers"] == "locate"


def test_an_expression_is_looked_for_in_what_the_model_reads(read: Read) -> None:
    (page,) = read("# Sums\n\nTotal 12.50", task="locate", find=r"\d+\.\d\d", find_regex=True).pages

    assert [match.text for match in page.matches] == ["12.50"]
    assert page.answers is None


def test_where_the_model_names_no_place_text_recognition_is_searched(read: Read) -> None:
    (page,) = read("It is at the top.", task="locate", find="total").pages

    assert [match.text for match in page.matches] == ["total"]
    assert page.answers is None
    assert page.warnings[-1] == "the page was read by letters instead"


def test_with_a_strategy_pages_are_read_and_searched_afterwards(read: Read) -> None:
    (page,) = read("The total of all", task="locate", find="total", strategy="accuracy").pages

    assert [match.text for match in page.matches] == ["total"]
    assert page.answers is None


def test_a_figure_is_described_by_the_model(read: Read) -> None:
    (page,) = read("Boats in the harbour grow by the year.", task="figure").pages

    assert page.text == "Boats in the harbour grow by the year."
    assert page.answers == "figure"


def test_the_layout_alone_has_no_text(read: Read) -> None:
    said = '[{"bbox": [0, 0, 500, 100], "category": "Title"}, {"bbox": [0, 200, 900, 800], "category": "Picture"}]'
    (page,) = read(said, Dots(), mode="layout").pages

    assert [block.kind for block in page.blocks] == ["title", "figure"]
    assert (page.text.strip(), page.lines) == ("", ())


def test_where_the_model_fails_on_an_area_the_other_engine_sees_that_alone() -> None:
    letters = Letters()
    with TalkingServer(Manner(loops_below=2.0)) as server:
        engine = VlmEngine(Dots(), ModelClient(VlmConfig(urls=(server.url,))), letters)
        engine.start()
        black = PageImage(np.zeros((100, 200, 3), np.uint8), None)
        engine.read(black, ReadOptions.of(engine="dots", mode="region", area="0,0,50,40"))
        engine.close()

    assert letters.shown is not None
    assert (letters.shown[:, :, 0] == 0).sum() == 50 * 40


def test_a_mode_that_there_is_not_is_refused_and_the_others_are_named(read: Read) -> None:
    with pytest.raises(InvalidOption, match="markdown, text, lines, figure, locate"):
        read("", mode="dance")


def test_modes_belong_to_models() -> None:
    with pytest.raises(CapabilityMissing, match="leave 'mode' out"):
        Letters.info.require(ReadOptions(mode="text"))


def test_what_an_engine_answered_is_not_done_again() -> None:
    match = Match("total", (Box(0, 0, 9, 9).quad,), 0.5, (0,))
    line = Line("total total", Box(0, 0, 99, 9).quad, 0.9)
    page = Page(1, 100, 100, None, 0, 0.0, "ocr", "m", "en", (line,), (), matches=(match,), answers="locate")

    assert perform(page, ReadOptions.of(task="locate", find="total")) is page
    assert perform(page, ReadOptions.of(task="figure")).blocks
