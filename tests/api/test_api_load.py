"""Under load, and when clients leave: bounded, at once, and nothing read for nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from running import FakeServer

Start = Callable[..., FakeServer]
Frames = Callable[[int], bytes]


def test_pages_arrive_while_later_ones_are_still_to_be_read(slow: FakeServer, frames: Frames) -> None:
    before = slow.pages_begun

    with slow.http.stream("POST", "/v1/read?stream=true", files={"file": frames(8)}) as response:
        rows = response.iter_lines()
        assert "document" in json.loads(next(rows))
        assert json.loads(next(rows))["page"]["number"] == 1
        begun = slow.pages_begun - before
        rest = [json.loads(row) for row in rows]

    assert begun < 8
    assert rest[-1]["done"]["pages"] == 8


def test_a_full_server_refuses_at_once_and_says_when_to_come_back(
    start_fake: Start, frames: Frames, scan: bytes
) -> None:
    server = start_fake(page_s=0.3, QUIRE_QUEUE_SIZE="1")

    with server.http.stream("POST", "/v1/read?stream=true", files={"file": frames(4)}) as response:
        rows = response.iter_lines()
        next(rows)
        refused = server.http.post("/v1/read", files={"file": scan})
        rest = list(rows)

    assert refused.status_code == 429
    assert refused.json()["code"] == "overloaded"
    assert int(refused.headers["retry-after"]) >= 1
    assert "done" in json.loads(rest[-1])
    assert server.http.post("/v1/read", files={"file": scan}).status_code == 200


def test_a_queued_request_gets_its_turn(slow: FakeServer, scan: bytes) -> None:
    with ThreadPoolExecutor(4) as threads:
        sent = [threads.submit(slow.http.post, "/v1/read", files={"file": scan}) for _ in range(4)]

    assert [request.result().status_code for request in sent] == [200] * 4


def test_health_is_answered_while_pages_are_read(slow: FakeServer, frames: Frames) -> None:
    before = slow.pages_begun

    with slow.http.stream("POST", "/v1/read?stream=true", files={"file": frames(8)}) as response:
        next(response.iter_lines())
        health = slow.http.get("/healthz")
        begun = slow.pages_begun - before

    assert health.json() == {"status": "ok"}
    assert begun < 8


def test_a_client_that_leaves_a_stream_stops_the_reading(slow: FakeServer, frames: Frames, scan: bytes) -> None:
    before = slow.pages_begun

    with slow.http.stream("POST", "/v1/read?stream=true", files={"file": frames(40)}) as response:
        rows = response.iter_lines()
        next(rows)
        next(rows)

    assert slow.http.post("/v1/read", files={"file": scan}).status_code == 200
    assert slow.pages_begun - before < 20


def test_a_client_that_gives_up_waiting_stops_the_reading(slow: FakeServer, frames: Frames, scan: bytes) -> None:
    before = slow.pages_begun

    with pytest.raises(httpx.ReadTimeout):
        httpx.post(slow.http.base_url.join("/v1/read"), files={"file": frames(60)}, timeout=0.5)

    assert slow.http.post("/v1/read", files={"file": scan}).status_code == 200
    assert slow.pages_begun - before < 30


def test_what_a_client_that_left_was_waiting_for_is_never_read(slow: FakeServer, frames: Frames, scan: bytes) -> None:
    before = slow.pages_begun

    with slow.http.stream("POST", "/v1/read?stream=true", files={"file": frames(4)}) as response:
        rows = response.iter_lines()
        next(rows)
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(slow.http.base_url.join("/v1/read"), files={"file": frames(20)}, timeout=0.3)
        list(rows)

    assert slow.http.post("/v1/read", files={"file": scan}).status_code == 200
    # A turn or two while it waited, which the two documents shared.
    assert slow.pages_begun - before <= 5 + 3


def test_a_page_that_fails_alone_leaves_the_stream_whole(start_fake: Start, frames: Frames) -> None:
    server = start_fake(fault="bug")

    rows = server.http.post("/v1/read?stream=true", files={"file": frames(2)}).text.splitlines()

    assert [json.loads(row)["error"]["code"] for row in rows[1:3]] == ["internal_error"] * 2
    assert json.loads(rows[3])["done"] == {"pages": 0, "errors": 2, "partial": True}


def test_a_stream_whose_engine_breaks_ends_without_counts(start_fake: Start, frames: Frames) -> None:
    server = start_fake(fault="engine")

    rows = server.http.post("/v1/read?stream=true", files={"file": frames(2)}).text.splitlines()

    assert json.loads(rows[-1])["error"] == {
        "page": None,
        "code": "engine_start_failed",
        "detail": "the engine broke: restart the server",
    }
