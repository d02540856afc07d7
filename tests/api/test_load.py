"""Under load, and when clients leave: bounded, at once, and nothing read for nobody."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from conftest import FakeServer

Start = Callable[..., FakeServer]
Pdf = Callable[[int], bytes]


def test_pages_arrive_while_later_ones_are_still_to_be_read(start_fake: Start, pdf: Pdf) -> None:
    server = start_fake(page_s=0.2)

    with server.http.stream("POST", "/v1/read?stream=true", files={"file": pdf(8)}) as response:
        rows = response.iter_lines()
        assert "document" in json.loads(next(rows))
        assert json.loads(next(rows))["page"]["number"] == 1
        begun = server.pages_begun
        rest = [json.loads(row) for row in rows]

    assert begun < 8
    assert rest[-1]["done"]["pages"] == 8


def test_a_full_server_refuses_at_once_and_says_when_to_come_back(
    start_fake: Start, pdf: Pdf, scan: bytes
) -> None:
    server = start_fake(page_s=0.3, QUIRE_DOCUMENTS_AT_ONCE="1", QUIRE_QUEUE_SIZE="0")

    with server.http.stream("POST", "/v1/read?stream=true", files={"file": pdf(4)}) as response:
        rows = response.iter_lines()
        next(rows)
        refused = server.http.post("/v1/read", files={"file": scan})
        rest = list(rows)

    assert refused.status_code == 429
    assert refused.json()["code"] == "overloaded"
    assert int(refused.headers["retry-after"]) >= 1
    assert "done" in json.loads(rest[-1])
    assert server.http.post("/v1/read", files={"file": scan}).status_code == 200


def test_a_queued_request_gets_its_turn(start_fake: Start, scan: bytes) -> None:
    server = start_fake(page_s=0.1, QUIRE_DOCUMENTS_AT_ONCE="1", QUIRE_QUEUE_SIZE="3")

    with ThreadPoolExecutor(4) as threads:
        sent = [threads.submit(server.http.post, "/v1/read", files={"file": scan}) for _ in range(4)]

    assert [request.result().status_code for request in sent] == [200] * 4


def test_health_is_answered_while_pages_are_read(start_fake: Start, pdf: Pdf) -> None:
    server = start_fake(page_s=0.5, QUIRE_DOCUMENTS_AT_ONCE="1")

    with server.http.stream("POST", "/v1/read?stream=true", files={"file": pdf(2)}) as response:
        next(response.iter_lines())
        health = server.http.get("/healthz")
        begun = server.pages_begun

    assert health.json() == {"status": "ok"}
    assert begun < 2


def test_a_client_that_leaves_a_stream_stops_the_reading(start_fake: Start, pdf: Pdf, scan: bytes) -> None:
    server = start_fake(page_s=0.1, QUIRE_DOCUMENTS_AT_ONCE="1")

    with server.http.stream("POST", "/v1/read?stream=true", files={"file": pdf(40)}) as response:
        rows = response.iter_lines()
        next(rows)
        next(rows)

    # Its turn comes only when the abandoned reading has ended.
    assert server.http.post("/v1/read", files={"file": scan}).status_code == 200
    assert server.pages_begun < 10


def test_a_client_that_gives_up_waiting_stops_the_reading(start_fake: Start, pdf: Pdf, scan: bytes) -> None:
    server = start_fake(page_s=0.1, QUIRE_DOCUMENTS_AT_ONCE="1")

    with pytest.raises(httpx.ReadTimeout):
        httpx.post(server.http.base_url.join("/v1/read"), files={"file": pdf(60)}, timeout=0.5)

    assert server.http.post("/v1/read", files={"file": scan}).status_code == 200
    assert server.pages_begun < 30


def test_a_client_that_leaves_the_queue_is_never_read(start_fake: Start, pdf: Pdf, scan: bytes) -> None:
    server = start_fake(page_s=0.3, QUIRE_DOCUMENTS_AT_ONCE="1")

    with server.http.stream("POST", "/v1/read?stream=true", files={"file": pdf(3)}) as response:
        rows = response.iter_lines()
        next(rows)
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(server.http.base_url.join("/v1/read"), files={"file": pdf(20)}, timeout=0.2)
        list(rows)

    assert server.http.post("/v1/read", files={"file": scan}).status_code == 200
    assert server.pages_begun == 4


def test_a_page_that_fails_alone_leaves_the_stream_whole(start_fake: Start, pdf: Pdf) -> None:
    server = start_fake(fault="bug")

    rows = server.http.post("/v1/read?stream=true", files={"file": pdf(2)}).text.splitlines()

    assert [json.loads(row)["error"]["code"] for row in rows[1:3]] == ["internal_error"] * 2
    assert json.loads(rows[3])["done"] == {"pages": 0, "errors": 2, "partial": True}


def test_a_stream_whose_engine_breaks_ends_without_counts(start_fake: Start, pdf: Pdf) -> None:
    server = start_fake(fault="engine")

    rows = server.http.post("/v1/read?stream=true", files={"file": pdf(2)}).text.splitlines()

    assert json.loads(rows[-1])["error"] == {
        "page": None,
        "code": "engine_start_failed",
        "detail": "the engine broke: restart the server",
    }
