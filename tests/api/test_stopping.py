"""What is told to stop stops: a cancelled job, a reading whose client left, the server itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from threading import Thread

import httpx
import pytest

from calls import create, look, wait_until
from running import FakeServer

Numbered = Callable[..., bytes]


def test_no_page_of_a_cancelled_job_starts(slow: FakeServer, numbered: Numbered) -> None:
    job = create(slow.http, numbered(30))
    wait_until(lambda: look(slow.http, job)["pages_done"], "a page")

    cancelled = slow.http.delete(f"/v1/jobs/{job['id']}").json()
    begun = slow.pages_begun

    assert cancelled["state"] == "cancelled"
    assert _read_three(slow, numbered) == begun + 3
    assert look(slow.http, job)["pages_done"] == cancelled["pages_done"]


def test_one_more_page_at_most_starts_for_a_client_that_left_a_stream(slow: FakeServer, numbered: Numbered) -> None:
    with slow.http.stream("POST", "/v1/read?stream=true", files={"file": numbered(30)}) as response:
        rows = response.iter_lines()
        next(rows)
        next(rows)
    begun = slow.pages_begun

    assert _read_three(slow, numbered) <= begun + 1 + 3


def test_one_more_page_at_most_starts_for_a_client_that_gave_up(slow: FakeServer, numbered: Numbered) -> None:
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(slow.http.base_url.join("/v1/read"), files={"file": numbered(30)}, timeout=0.5)
    begun = slow.pages_begun

    assert _read_three(slow, numbered) <= begun + 1 + 3


def test_a_job_that_nobody_knows_of_stops_when_its_client_leaves(slow: FakeServer, numbered: Numbered) -> None:
    begun = _leave_a_wait(slow, numbered(30), {})

    assert _read_three(slow, numbered) <= begun + 1 + 3


def test_a_job_that_its_client_can_find_again_goes_on(slow: FakeServer, numbered: Numbered) -> None:
    document, headers = numbered(8), {"Idempotency-Key": "found-again"}
    _leave_a_wait(slow, document, headers)

    response = slow.http.post("/v1/read", files={"file": document}, headers=headers | {"Prefer": "wait=20"})

    assert len(response.json()["pages"]) == 8
    assert len(set(slow.begun)) == slow.pages_begun


def test_a_second_sigterm_ends_the_server_at_once(start_fake: Callable[..., FakeServer], numbered: Numbered) -> None:
    server = start_fake(page_s=60)
    server.wait_until_ready()
    worker = server.http.get("/v1/stats").json()["pool"]["workers"][0]["pid"]
    reading = Thread(target=_read_in_vain, args=(server, numbered(1)))
    reading.start()
    wait_until(lambda: server.pages_begun, "the page")

    server.process.send_signal(signal.SIGTERM)
    wait_until(lambda: not _listens(server), "the first one's effect")
    assert server.process.poll() is None
    assert server.stop(signal.SIGTERM) == 128 + signal.SIGTERM

    reading.join()
    wait_until(lambda: not _lives(worker), "the worker's end")


def _leave_a_wait(server: FakeServer, document: bytes, headers: dict[str, str]) -> int:
    """Sends a reading that may become a job, and leaves; the number of pages that were begun by then."""
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            server.http.base_url.join("/v1/read"),
            files={"file": document},
            headers=headers | {"Prefer": "wait=20"},
            timeout=0.5,
        )
    return server.pages_begun


def _read_three(server: FakeServer, numbered: Numbered) -> int:
    """Reads three pages, which would take turns with whatever else is read; the number of pages begun by then."""
    for _ in range(3):
        assert server.http.post("/v1/read", files={"file": numbered(1)}).status_code == 200
    return server.pages_begun


def _read_in_vain(server: FakeServer, document: bytes) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(server.http.base_url.join("/v1/read"), files={"file": document}, timeout=60)


def _listens(server: FakeServer) -> bool:
    try:
        httpx.get(server.http.base_url.join("/healthz"))
    except httpx.TransportError:
        return False
    return True


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
