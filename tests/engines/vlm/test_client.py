"""The client of model servers, against real HTTP."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Timer
from typing import Any

import httpx
import pytest
from talking_server import Manner, TalkingServer

from quire.engines.vlm.client import ModelClient
from quire.engines.vlm.config import VlmConfig
from quire.engines.vlm.requests import EncodedImage, ModelRequest, Sampling
from quire.errors import Cancelled, EngineFailed, EngineStartError, InvalidOption, Overloaded, QuireError

IMAGE = EncodedImage(b"\x89PNG not looked at", "image/png", 1, 1, 1.0, 1.0)
PROGRAM = Path(__file__).with_name("talking_server.py")


def ask(
    prompt: str | None = "page 1", *, max_tokens: int = 400, temperature: float = 0.2, **extra: Any
) -> ModelRequest:
    return ModelRequest(IMAGE, Sampling(temperature, max_tokens), prompt, extra=extra)


@pytest.fixture
def meet() -> Any:
    """Starts servers of the given manners, and a client of them all."""
    with ExitStack() as held:

        def start(*manners: Manner, **config: Any) -> ModelClient:
            urls = tuple(held.enter_context(TalkingServer(manner)).url for manner in manners)
            client = ModelClient(VlmConfig(urls=urls, **config))
            held.callback(client.close)
            client.start()
            return client

        yield start


Meet = Callable[..., ModelClient]


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


@pytest.mark.parametrize("version", ["0.32.0", "0.16.1", None], ids=["vLLM", "an older vLLM", "another server"])
def test_an_answer_comes_back_whole(meet: Meet, version: str | None) -> None:
    manner = Manner(version=version)
    answer = meet(manner).complete(ask("Größe · 大"))
    assert (answer.text, answer.finish_reason) == ("read: Größe · 大", "stop")
    assert answer.tokens == 2


def test_the_image_goes_as_it_is_and_a_prompt_may_be_missing(meet: Meet) -> None:
    manner = Manner()
    meet(manner).complete(ask(None))
    (part,) = manner.asked[0]["messages"][0]["content"]
    assert part["image_url"]["url"] == f"data:image/png;base64,{b64encode(IMAGE.data).decode()}"
    assert manner.asked[0]["model"] == "talker"


def test_what_servers_say_of_themselves_is_known(meet: Meet) -> None:
    info = meet(Manner(context=2048), Manner(context=1024)).info
    assert (info.models, info.max_model_len, info.vllm_version) == (("talker",), 1024, "0.32.0")


def test_a_strict_server_is_asked_without_fields_that_only_vllm_knows(meet: Meet) -> None:
    manner = Manner(strict=True)
    client = meet(manner)
    for _ in range(2):
        assert client.complete(ask(skip_special_tokens=False)).text == "read: page 1"
    assert "skip_special_tokens" in manner.asked[0]
    assert all(body.keys() <= {"model", "messages", "temperature", "max_tokens", "stream"} for body in manner.asked[1:])
    assert len(manner.asked) == 3


def test_answers_are_as_long_as_the_server_allows(meet: Meet) -> None:
    manner = Manner(context=500)
    client = meet(manner)
    for _ in range(3):
        assert client.complete(ask(max_tokens=16384)).text == "read: page 1"
    assert [body["max_tokens"] for body in manner.asked] == [499, 399, 399, 399]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_failure_is_tried_again(meet: Meet, status: int) -> None:
    assert meet(Manner(fails=[status])).complete(ask()).text == "read: page 1"


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_wants_to_be_left_alone_is(meet: Meet, status: int) -> None:
    manner = Manner(fails=[status], waits="1")
    started = time.monotonic()
    assert meet(manner).complete(ask()).text == "read: page 1"
    assert time.monotonic() - started >= 1.0


def test_a_server_that_wants_to_be_left_alone_is_not_waited_for_beside_another(meet: Meet) -> None:
    waiting = Manner(fails=[429], waits="3600")
    client = meet(waiting, Manner(), timeout_s=5)
    assert [client.complete(ask()).text for _ in range(2)] == ["read: page 1"] * 2


def test_connections_are_kept_and_the_last_is_used_next(meet: Meet) -> None:
    manner = Manner(pause_s=0.02)
    client = meet(manner, in_flight=8)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(client.complete, [ask()] * 40))
    for _ in range(4):
        client.complete(ask())
    assert len(manner.callers[:-4]) == 40
    assert len(set(manner.callers)) <= 10
    assert len(set(manner.callers[-4:])) == 1


def test_a_connection_that_the_server_closed_is_opened_again(meet: Meet) -> None:
    manner = Manner(hangs_up=True)
    client = meet(manner)
    assert [client.complete(ask()).text for _ in range(3)] == ["read: page 1"] * 3
    assert len(manner.asked) == 3


def test_an_old_connection_is_closed(meet: Meet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quire.engines.vlm.connections.KEEPALIVE_S", -1.0)
    manner = Manner()
    client = meet(manner)
    for _ in range(3):
        client.complete(ask())
    assert len(set(manner.callers)) == 3


@pytest.mark.parametrize("silent_after", [0, 3], ids=["before a word", "in the middle"])
def test_a_stream_that_falls_silent_is_asked_of_another(
    meet: Meet, silent_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quire.engines.vlm.streaming._MOST_GAP_S", 0.2)
    silent = Manner(silent_after=silent_after)
    client = meet(silent, Manner(), timeout_s=4)
    assert [client.complete(ask()).text for _ in range(2)] == ["read: page 1"] * 2
    wait_until(lambda: silent.left == 2)


def test_a_server_that_comes_later_is_found(meet: Meet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quire.engines.vlm.client._LATE_S", 0.05)
    port = _free_port()
    with TalkingServer() as first:
        client = ModelClient(VlmConfig(urls=(first.url, f"http://127.0.0.1:{port}"), in_flight=1))
        client.start()
        try:
            assert client.in_flight_limit == 1
            with TalkingServer(port=port):
                wait_until(lambda: client.in_flight_limit == 2)
        finally:
            client.close()


def test_an_answer_that_the_server_gave_up_is_asked_of_another(meet: Meet) -> None:
    stopping, well = Manner(finish="abort"), Manner()
    client = meet(stopping, well)
    assert [client.complete(ask()).text for _ in range(4)] == ["read: page 1"] * 4


@pytest.mark.parametrize(
    ("manner", "error", "remedy"),
    [
        pytest.param(Manner(fails=[400]), EngineFailed, "log", id="a refused page"),
        pytest.param(Manner(fails=[403]), EngineFailed, "vlm.api_key", id="a refused key"),
        pytest.param(Manner(fails=[404]), EngineFailed, "vlm.model", id="a model that is gone"),
        pytest.param(Manner(fails=[429] * 9), Overloaded, "later", id="a busy server"),
        pytest.param(Manner(fails=[500] * 9), EngineFailed, "logs", id="a server that fails every time"),
    ],
)
def test_what_cannot_be_mended_is_told(
    meet: Meet, manner: Manner, error: type[QuireError], remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quire.engines.vlm.client._BACKOFF_S", 0.001)
    with pytest.raises(error, match=remedy):
        meet(manner).complete(ask())


def test_a_slow_answer_ends_in_time(meet: Meet) -> None:
    manner = Manner(pause_s=30)
    with pytest.raises(EngineFailed, match=r"vlm\.timeout_s"):
        meet(manner, timeout_s=0.3).complete(ask())
    wait_until(lambda: manner.left == 1)


def test_a_server_that_is_not_there_is_told_with_its_remedy() -> None:
    with pytest.raises(EngineStartError, match="vllm serve"):
        ModelClient(VlmConfig(urls=(f"http://127.0.0.1:{_free_port()}",))).start()


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidOption, match=r"vlm\.urls"):
        ModelClient(VlmConfig(urls=("file:///etc",))).start()


def test_the_key_is_needed_and_sent(meet: Meet) -> None:
    assert meet(Manner(key="s3cret"), api_key="s3cret").complete(ask()).text == "read: page 1"
    with pytest.raises(EngineStartError, match=r"vlm\.api_key"):
        meet(Manner(key="s3cret"))
    assert "s3cret" not in repr(VlmConfig(api_key="s3cret"))


def test_a_model_that_is_not_served_is_refused_with_those_that_are(meet: Meet) -> None:
    with pytest.raises(EngineStartError, match="talker"):
        meet(Manner(), model="whisperer")


@pytest.mark.parametrize("version", ["0.32.0", None], ids=["in one piece", "streamed"])
def test_whoever_leaves_frees_the_place(meet: Meet, version: str | None) -> None:
    manner, stop = Manner(pause_s=30, version=version), Event()
    client = meet(manner)
    Timer(0.2, stop.set).start()
    with pytest.raises(Cancelled):
        client.complete(ask(), stop)
    wait_until(lambda: manner.left == 1 and manner.running == 0, 1.0)


def test_whoever_has_left_before_is_not_asked_for(meet: Meet) -> None:
    manner, stop = Manner(), Event()
    stop.set()
    with pytest.raises(Cancelled):
        meet(manner).complete(ask(), stop)
    assert manner.asked == []


def test_closing_ends_what_is_in_flight(meet: Meet) -> None:
    manner = Manner(pause_s=30)
    client = meet(manner)
    with ThreadPoolExecutor() as pool:
        answers = [pool.submit(client.complete, ask()) for _ in range(5)]
        wait_until(lambda: manner.running == 5)
        client.close()
        assert all(isinstance(answer.exception(), Cancelled) for answer in answers)
    wait_until(lambda: manner.left == 5)
    with pytest.raises(EngineFailed, match="start"):
        client.complete(ask())


def test_no_server_gets_more_than_it_may_have_and_all_get_some(meet: Meet) -> None:
    manners = [Manner(pause_s=0.02), Manner(pause_s=0.02)]
    client = meet(*manners, in_flight=3)
    assert client.in_flight_limit == 6
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(client.complete, [ask(f"page {number}") for number in range(60)]))
    assert [answer.text for answer in answers] == [f"read: page {number}" for number in range(60)]
    assert all(manner.most_running == 3 for manner in manners)


def test_a_server_that_says_nothing_of_its_load_is_given_few(meet: Meet) -> None:
    assert meet(Manner(metrics=None)).in_flight_limit == 4
    assert meet(Manner(metrics=None), in_flight=9).in_flight_limit == 9


@pytest.mark.parametrize("strict", [False, True], ids=["several tokens an event", "token by token"])
def test_a_loop_ends_early_and_is_cut_off(meet: Meet, strict: bool) -> None:
    manner = Manner(strict=strict, loops_below=1.0)
    answer = meet(manner).complete(ask(max_tokens=3000))
    assert answer.finish_reason == "repetition"
    assert answer.text.startswith("A heading.\nthe")
    assert len(answer.text) < 60
    assert answer.tokens <= 200


def test_a_server_that_cannot_stream_is_understood(meet: Meet) -> None:
    answer = meet(Manner(whole=True, strict=True)).complete(ask())
    assert (answer.text, answer.tokens) == ("read: page 1", 2)


def test_two_servers_one_killed_under_load_lose_nothing() -> None:
    ports = [_free_port(), _free_port()]
    servers = [subprocess.Popen([sys.executable, str(PROGRAM), str(port)]) for port in ports]
    client = ModelClient(VlmConfig(urls=tuple(f"http://127.0.0.1:{port}" for port in ports), in_flight=8))
    try:
        for port in ports:
            wait_until(lambda port=port: _answers(port), 20.0)  # type: ignore[misc]
        client.start()
        with ThreadPoolExecutor(16) as pool:
            answers = pool.map(client.complete, [ask(f"page {number}") for number in range(200)])
            found = []
            for answer in answers:
                found.append(answer.text)
                if len(found) == 50:
                    servers[1].kill()
        assert found == [f"read: page {number}" for number in range(200)]
    finally:
        client.close()
        for server in servers:
            server.kill()
            server.wait()


def test_a_server_that_was_down_is_found_again() -> None:
    port = _free_port()
    with TalkingServer() as always:
        late = subprocess.Popen([sys.executable, str(PROGRAM), str(port)])
        client = ModelClient(VlmConfig(urls=(always.url, f"http://127.0.0.1:{port}")))
        try:
            wait_until(lambda: _answers(port), 20.0)
            client.start()
            late.kill()
            late.wait()
            for _ in range(4):
                client.complete(ask())
            late = subprocess.Popen([sys.executable, str(PROGRAM), str(port)])
            wait_until(lambda: _answers(port), 20.0)
            seen: set[str] = set()

            def both() -> bool:
                with ThreadPoolExecutor(4) as pool:
                    seen.update(answer.replica for answer in pool.map(client.complete, [ask()] * 8))
                return len(seen) == 2

            wait_until(both, 10.0)
        finally:
            client.close()
            late.kill()
            late.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200
    except httpx.HTTPError:
        return False
