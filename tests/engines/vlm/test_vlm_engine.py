"""The engine around a model: asking again, stepping in, and saying so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from talking_server import Manner, TalkingServer

from quire.document import Line
from quire.engines import registry
from quire.engines.base import Engine, EngineInfo, PageReading
from quire.engines.vlm.client import ModelClient
from quire.engines.vlm.config import VlmConfig
from quire.engines.vlm.engine import VlmEngine
from quire.engines.vlm.families.generic import Generic, GenericModel
from quire.errors import CapabilityMissing, EngineStartError, InvalidOption, UnknownLanguage
from quire.geometry import Box
from quire.options import ReadOptions
from quire.sources.base import PageImage

IMAGE = PageImage(np.full((200, 300, 3), 255, np.uint8), 150.0)
FAMILY = Generic(GenericModel(prompt="# What\n\nis written?", temperature=0.0, max_tokens=2000))

Meet = Callable[..., VlmEngine]


class StepsIn:
    """An engine that reads one known line."""

    info = EngineInfo("steps-in", "1", ("text",), ("de",), "none")
    concurrency = 1
    running = False
    asked: ReadOptions | None = None

    def start(self) -> None:
        self.running = True

    def read(self, image: PageImage, options: ReadOptions, stop: Event | None = None) -> PageReading:
        self.asked = options
        line = Line("seen instead", Box(0, 0, 50, 10).quad, 0.9)
        return PageReading(image.width, image.height, 0, 0.0, "de", (line,), ("its own",))

    def close(self) -> None:
        self.running = False


@pytest.fixture
def meet() -> Iterator[Meet]:
    with ExitStack() as held:

        def start(manner: Manner, first: Engine | None = None) -> VlmEngine:
            url = held.enter_context(TalkingServer(manner)).url
            engine = VlmEngine(FAMILY, ModelClient(VlmConfig(urls=(url,))), first or StepsIn())
            held.callback(engine.close)
            engine.start()
            return engine

        yield start


def said(reading: PageReading) -> str:
    return " ".join(line.text for line in reading.lines)


def test_a_page_is_read_by_the_model(meet: Meet) -> None:
    reading = meet(Manner()).read(IMAGE, ReadOptions())
    assert (reading.width, reading.height, reading.rotation) == (300, 200, 0)
    assert "is written?" in said(reading)
    assert reading.blocks
    assert reading.warnings == ()


def test_a_loop_is_asked_for_again_warmer(meet: Meet) -> None:
    manner = Manner(loops_below=0.3)
    reading = meet(manner, StepsIn()).read(IMAGE, ReadOptions())
    assert "is written?" in said(reading)
    assert [body["temperature"] for body in manner.asked] == [0.0, 0.1, 0.3]
    assert reading.warnings == (
        "the model repeated itself (temperature 0)",
        "the model repeated itself (temperature 0.1)",
    )


def test_another_engine_steps_in_when_the_model_goes_on_looping(meet: Meet) -> None:
    other = StepsIn()
    reading = meet(Manner(loops_below=2.0), other).read(IMAGE, ReadOptions(language="auto"))
    assert reading.warnings[-2:] == ("the page was read by steps-in instead", "its own")
    assert len(reading.warnings) == 5
    assert "the same row" not in said(reading)


def test_an_answer_that_was_cut_off_is_asked_for_again(meet: Meet) -> None:
    other = StepsIn()
    reading = meet(Manner(finish="length"), other).read(IMAGE, ReadOptions())
    assert reading.warnings[0] == "the model's answer was cut off at its greatest length (temperature 0)"
    assert other.asked is not None


def test_the_fallback_starts_and_ends_with_the_engine(meet: Meet) -> None:
    other = StepsIn()
    engine = meet(Manner(), other)
    assert other.running
    engine.close()
    assert not other.running


def test_it_says_which_model_reads(meet: Meet) -> None:
    info = meet(Manner()).info
    assert info.name == "generic"
    assert info.version.endswith("+talker+1")
    assert info.runtime == "vllm 0.32.0 (remote)"
    assert info.pages_at_once == 64


def test_a_language_that_the_model_does_not_know_is_refused(meet: Meet) -> None:
    with pytest.raises(UnknownLanguage, match="auto"):
        meet(Manner()).read(IMAGE, ReadOptions(language="tlh"))


@pytest.mark.parametrize("name", registry.FAMILIES)
def test_every_family_can_be_had_by_its_name(name: str) -> None:
    engine = registry.create(name, threads=1, vlm=VlmConfig(urls=("http://127.0.0.1:9",)))
    assert engine.info.name == name
    with pytest.raises(EngineStartError, match="vllm serve"):
        engine.start()
    engine.close()


def test_a_model_of_ones_own_is_described_in_a_file(tmp_path: Path) -> None:
    described = tmp_path / "model.toml"
    described.write_text('prompt = "Read."\nparser = "text"\nlongest_px = 1000\ndpi = 100\n')
    engine = registry.create("generic", threads=1, vlm=VlmConfig(generic_file=described))
    assert isinstance(engine, VlmEngine)
    assert engine.family.modes["page"].prompt == "Read."
    assert engine.family.dpi == 100


@pytest.mark.parametrize("content", ['prompt = "', "parser = 3", "colour = 1", None])
def test_a_wrong_description_is_refused(tmp_path: Path, content: str | None) -> None:
    described = tmp_path / "model.toml"
    if content is not None:
        described.write_text(content)
    with pytest.raises(InvalidOption, match="generic_file"):
        registry.create("generic", threads=1, vlm=VlmConfig(generic_file=described))


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(CapabilityMissing, match="lightonocr"):
        registry.create("abacus")
