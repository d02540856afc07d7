"""Whatever is killed, no page is lost, doubled, or read again that was saved."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from calls import create, ended, result, wait_until
from running import FakeServer

Start = Callable[..., FakeServer]
Numbered = Callable[..., bytes]

PAGE_S = 0.03
WORKERS = 2


@pytest.mark.parametrize(
    ("pages", "ends"),
    [
        pytest.param(40, [signal.SIGKILL, signal.SIGTERM, signal.SIGKILL], id="killed, stopped and killed in 40 pages"),
        pytest.param(200, [signal.SIGKILL] * 10, id="killed 10 times in 200 pages", marks=pytest.mark.soak),
    ],
)
def test_a_job_outlives_the_ends_of_its_server(
    start_fake: Start, numbered: Numbered, pages: int, ends: list[int]
) -> None:
    server = _start(start_fake)
    job = create(server.http, numbered(pages))

    for position, how in enumerate(ends, start=1):
        _wait_for_page(server, position * pages // (len(ends) + 1))
        server.stop(how)
        server = _start(start_fake)

    assert ended(server.http, job)["state"] == "succeeded"
    assert _texts(result(server.http, job)) == [f"page {number}" for number in range(1, pages + 1)]
    # At most those that were in work, or read and not yet saved, at an end.
    assert _read_again(server) <= len(ends) * (WORKERS + 1)


@pytest.mark.parametrize(
    ("pages", "kills"),
    [
        pytest.param(60, 4, id="4 in 60 pages"),
        pytest.param(600, 30, id="30 in 600 pages", marks=pytest.mark.soak),
    ],
)
def test_killed_workers_lose_and_double_no_page(start_fake: Start, numbered: Numbered, pages: int, kills: int) -> None:
    server = _start(start_fake)
    document = numbered(pages)
    chance = random.Random(1)

    job = create(server.http, document)
    for kill in range(1, kills + 1):
        _wait_for_page(server, kill * pages // (kills + 1))
        time.sleep(chance.random() * PAGE_S)
        os.kill(chance.choice(_workers(server)), signal.SIGKILL)
    disturbed = ended(server.http, job)
    again = _read_again(server)
    deaths = server.http.get("/v1/stats").json()["pool"]["deaths"]
    undisturbed = ended(server.http, create(server.http, document))

    assert (disturbed["state"], disturbed["pages_done"]) == ("succeeded", pages)
    assert deaths == kills
    assert again <= kills
    assert _without_timings(result(server.http, job)) == _without_timings(result(server.http, undisturbed))


def _start(start_fake: Start) -> FakeServer:
    """A server without a cache, which would hide that a page is read again."""
    no_cache = {"QUIRE_CACHE__MEMORY_BYTES": "0", "QUIRE_CACHE__DISK_BYTES": "0"}
    return start_fake(page_s=PAGE_S, QUIRE_WORKERS=str(WORKERS), **no_cache)


def _wait_for_page(server: FakeServer, count: int) -> None:
    wait_until(lambda: len(set(server.begun)) >= count, f"page {count}")


def _workers(server: FakeServer) -> list[int]:
    """Process ids of the workers that are there."""
    found: list[int] = []

    def look() -> list[int]:
        workers = server.http.get("/v1/stats").json()["pool"]["workers"]
        found[:] = [worker["pid"] for worker in workers if worker["pid"] is not None]
        return found

    wait_until(look, "a worker")
    return found


def _read_again(server: FakeServer) -> int:
    """How many times a page was begun that had been begun before."""
    return sum(count - 1 for count in Counter(server.begun).values())


def _texts(document: Any) -> list[str]:
    return [page["lines"][0]["text"] for page in document["pages"]]


def _without_timings(document: Any) -> Any:
    return document | {"pages": [page | {"timings": None} for page in document["pages"]]}
