"""From the first health check to the last request: starting, being ready, stopping."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from quire.exports import EXPORTS
from running import FakeServer, Server, quire_serve

Start = Callable[..., FakeServer]
Frames = Callable[[int], bytes]


def test_a_server_that_loads_its_engine_lives_but_is_not_ready(start_fake: Start) -> None:
    server = start_fake(start_s=1.5)

    assert server.http.get("/healthz").status_code == 200
    ready = server.http.get("/readyz")
    assert ready.status_code == 503
    assert int(ready.headers["retry-after"]) > 0
    server.wait_until_ready()


def test_a_request_waits_for_the_engine(start_fake: Start, scan: bytes) -> None:
    server = start_fake(start_s=0.5)

    assert server.http.post("/v1/read", files={"file": scan}).status_code == 200


def test_a_request_does_not_wait_for_the_engine_for_ever(start_fake: Start, scan: bytes) -> None:
    server = start_fake(start_s=2, QUIRE_START_WAIT_S="0.1")

    response = server.http.post("/v1/read", files={"file": scan})

    assert response.status_code == 503
    assert "still loading" in response.json()["detail"]
    assert "retry-after" in response.headers


def test_a_server_whose_engine_does_not_start_lives_and_says_why(start_fake: Start) -> None:
    server = start_fake(fault="start")

    assert server.http.get("/healthz").status_code == 200
    while "still loading" in (ready := server.http.get("/readyz")).json()["detail"]:
        time.sleep(0.05)
    assert (ready.status_code, ready.json()["code"]) == (503, "model_missing")
    assert "quire models pull x" in server.log


def test_sigterm_lets_running_requests_finish(start_fake: Start, frames: Frames) -> None:
    server = start_fake(page_s=0.2)

    with server.http.stream("POST", "/v1/read?stream=true", files={"file": frames(5)}) as response:
        rows = response.iter_lines()
        next(rows)
        server.process.send_signal(signal.SIGTERM)
        rest = [json.loads(row) for row in rows]

    assert rest[-1]["done"]["pages"] == 5
    assert server.process.wait(timeout=20) == 0


def test_sigterm_does_not_wait_for_a_long_request_for_ever(start_fake: Start, frames: Frames) -> None:
    server = start_fake(page_s=0.2, QUIRE_SHUTDOWN_TIMEOUT_S="1")

    with server.http.stream("POST", "/v1/read?stream=true", files={"file": frames(100)}) as response:
        rows = response.iter_lines()
        next(rows)
        assert server.stop() == 0
        with pytest.raises(httpx.RemoteProtocolError):
            list(rows)

    assert server.pages_begun < 50
    assert "Traceback" not in server.log


def test_an_idle_server_ends_well_on_sigterm(start_fake: Start) -> None:
    server = start_fake()
    server.wait_until_ready()

    assert server.stop() == 0
    assert "Traceback" not in server.log


def test_ctrl_c_ends_the_server_as_interrupted(tmp_path: Path) -> None:
    with quire_serve(tmp_path) as server:
        assert server.stop(signal.SIGINT) == 130
        assert "Traceback" not in server.log


def test_a_server_stops_while_its_engine_is_loading(start_fake: Start) -> None:
    server = start_fake(start_s=1)

    assert server.stop() == 0


def test_a_server_that_others_can_reach_without_a_key_must_be_wanted(start_fake: Start) -> None:
    with pytest.raises(AssertionError, match=r"(?s)did not start.*quire keys create"):
        start_fake(QUIRE_HOST="0.0.0.0")


def test_a_server_that_others_can_reach_warns_of_it(start_fake: Start) -> None:
    server = start_fake(QUIRE_HOST="0.0.0.0", QUIRE_ACCESS__ALLOW_PUBLIC_WITHOUT_KEYS="true")

    assert server.http.base_url.host == "127.0.0.1"
    assert "warning: anyone who can reach this machine can use this server" in server.log


def test_a_request_id_is_echoed_and_a_harmful_one_replaced(server: Server) -> None:
    kept = server.http.get("/healthz", headers={"X-Request-ID": "abc-123"})
    replaced = server.http.get("/healthz", headers={"X-Request-ID": "x" * 65})
    made = server.http.get("/healthz")

    assert kept.headers["x-request-id"] == "abc-123"
    assert replaced.headers["x-request-id"] != "x" * 65
    assert len(made.headers["x-request-id"]) == 32


def test_answers_are_neither_cached_nor_sniffed_nor_framed(server: Server) -> None:
    headers = server.http.get("/healthz").headers

    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers


def test_the_engine_is_described_with_formats_and_limits(server: Server) -> None:
    value = server.http.get("/v1/engines").json()

    assert value["engines"][0]["name"] == "ppocr"
    assert "en" in value["engines"][0]["languages"]
    assert value["formats"] == [*EXPORTS]
    assert value["limits"]["max_pages"] == 30
