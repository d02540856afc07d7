"""The benchmark of the client, against a server without a model."""

from __future__ import annotations

from contextlib import closing

import pytest
from talking_server import Manner, TalkingServer

from quire.bench import run_model
from quire.bench.model.ending import measure_cancel, measure_loops
from quire.bench.model.questions import endless, questions
from quire.bench.model.throughput import measure_alone, measure_throughput
from quire.engines.vlm.client import ModelClient
from quire.engines.vlm.config import VlmConfig
from quire.errors import InvalidOption


def test_client_and_bare_loop_get_the_same_answers() -> None:
    asked = questions("deepseek", ["markdown", "text"], None, 1)
    with TalkingServer(Manner(context=20_000)) as server, closing(ModelClient(VlmConfig(urls=(server.url,)))) as client:
        client.start()
        figures = measure_throughput(client, asked * 2, in_flight=2, rounds=2)
        alone = measure_alone(client, asked)
    assert figures["same_answers"] == 1.0
    assert figures["ratio"]["min"] > 0
    assert min(alone.values()) > 0


def test_the_server_is_free_when_all_have_left() -> None:
    manner = Manner(context=20_000, pause_s=30, honest=True)
    with TalkingServer(manner) as server, closing(ModelClient(VlmConfig(urls=(server.url,)))) as client:
        client.start()
        figures = measure_cancel(client, questions("lightonocr", [], None, 2), repeats=2)
    assert (figures["requests"], figures["repeats"]) == (2, 2)
    assert manner.left == 4


def test_tokens_of_loops_are_those_that_the_server_made() -> None:
    manner = Manner(context=20_000, loops_below=1.0, honest=True)
    with TalkingServer(manner) as server, closing(ModelClient(VlmConfig(urls=(server.url,)))) as client:
        client.start()
        figures = measure_loops(client, [endless(each) for each in questions("lightonocr", [], None, 2)])
    assert figures["answers"] == figures["ended_as_loops"] == 2
    assert 0 < figures["median_tokens"] <= figures["max_tokens"]


@pytest.mark.parametrize("options", [{"engine": "ppocr"}, {"tokens": 0}, {"engine": "dots", "modes": ["upside-down"]}])
def test_what_cannot_be_measured_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(InvalidOption):
        run_model("http://127.0.0.1:1", **options)  # type: ignore[arg-type]
