"""Webhooks reach a real receiver, however it behaves, and survive a restart."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from receiver import Receiver, receiving
from stores import Clock, OpenStore, started

from quire.errors import OutputError
from quire.jobs.model import Job
from quire.jobs.store import JobStore
from quire.jobs.webhooks import MAX_ATTEMPTS, Outcome, Post, Webhooks

pytestmark = pytest.mark.anyio

SECRET = b"shared"


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with httpx.AsyncClient(trust_env=False) as client:

        async def send(url: str, body: bytes, headers: Mapping[str, str]) -> int:
            return (await client.post(url, content=body, headers=dict(headers))).status_code

        yield send


async def ended(store: JobStore, receiver: Receiver) -> Job:
    job = await started(store, webhook_url=receiver.url)
    return await store.transition(job.id, "succeeded")


def webhooks(store: JobStore, post: Post, clock: Clock, **options: Any) -> Webhooks:
    return Webhooks(store, post, **({"secret": SECRET, "clock": clock, "jitter": lambda: 1.0} | options))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


async def test_the_receiver_gets_the_job_and_can_check_who_sent_it(store: JobStore, clock: Clock, post: Post) -> None:
    with receiving(204) as receiver:
        job = await ended(store, receiver)

        assert await webhooks(store, post, clock).deliver_due() == 1

    ((headers, body),) = receiver.received
    said = json.loads(body)
    at, mac = (part.split("=")[1] for part in headers["Quire-Signature"].split(","))
    expected = hmac.new(SECRET, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(mac, expected)
    assert int(at) == int(clock.now)
    assert (said["type"], said["id"]) == ("job.succeeded", headers["Quire-Event-Id"])
    assert said["job"] == job.to_dict()
    assert said["job"]["finished_at"] == said["created_at"] == "2027-01-15T08:00:00.000Z"
    assert headers["Content-Type"] == "application/json"


async def test_nothing_is_signed_without_a_secret(store: JobStore, clock: Clock, post: Post) -> None:
    with receiving(200) as receiver:
        await ended(store, receiver)

        await webhooks(store, post, clock, secret=None).deliver_due()

    assert "Quire-Signature" not in receiver.received[0][0]


async def test_a_receiver_that_fails_then_hangs_then_accepts_gets_one_event_three_times_across_restarts(
    open_job_store: OpenStore, tmp_path: Path, clock: Clock, post: Post
) -> None:
    outcomes: list[Outcome] = []

    async def deliver() -> int:
        # A store and a sender of its own for each attempt: what is known lies in the store's files.
        async with open_job_store(tmp_path, clock=clock) as store:
            return await webhooks(store, post, clock, timeout_s=0.3, observe=outcomes.append).deliver_due()

    with receiving(500, 0, 200) as receiver:
        async with open_job_store(tmp_path, clock=clock) as store:
            await ended(store, receiver)

        attempts = []
        for seconds in (0, 29, 1, 59, 1, 10_000):
            clock.advance(seconds)
            attempts.append(await deliver())

    assert attempts == [1, 0, 1, 0, 1, 0]
    assert outcomes == ["retried", "retried", "delivered"]
    assert len({body for _, body in receiver.received}) == 1
    assert len({headers["Quire-Event-Id"] for headers, _ in receiver.received}) == 1
    assert len({headers["Quire-Signature"] for headers, _ in receiver.received}) == 3


async def test_a_webhook_is_given_up_after_so_many_attempts(store: JobStore, clock: Clock, post: Post) -> None:
    outcomes: list[Outcome] = []
    with receiving(503) as receiver:
        await ended(store, receiver)
        sender = webhooks(store, post, clock, observe=outcomes.append)
        for _ in range(MAX_ATTEMPTS + 3):
            await sender.deliver_due()
            clock.advance(3600)

    assert len(receiver.received) == MAX_ATTEMPTS
    assert outcomes == ["retried"] * (MAX_ATTEMPTS - 1) + ["given_up"]


@pytest.mark.parametrize("status", [301, 302, 400, 404, 410, 500])
async def test_all_but_success_is_a_failure(store: JobStore, clock: Clock, post: Post, status: int) -> None:
    outcomes: list[Outcome] = []
    with receiving(status) as receiver:
        await ended(store, receiver)

        await webhooks(store, post, clock, observe=outcomes.append).deliver_due()

    assert outcomes == ["retried"]


async def test_waits_double_up_to_an_hour_and_jitter_shortens_them(store: JobStore, clock: Clock, post: Post) -> None:
    sent_at = []
    with receiving(500) as receiver:
        await ended(store, receiver)
        sender = webhooks(store, post, clock, jitter=lambda: 0.5)
        for _ in range(200):
            if await sender.deliver_due():
                sent_at.append(clock.now)
            clock.advance(15)

    waits = [later - earlier for earlier, later in pairwise(sent_at)]
    assert waits == [15, 30, 60, 120, 240, 480, 960]


async def test_a_receiver_that_cannot_be_reached_or_must_not_be_is_tried_again(store: JobStore, clock: Clock) -> None:
    outcomes: list[Outcome] = []

    async def refuse(url: str, body: bytes, headers: Mapping[str, str]) -> int:
        raise OutputError("must not be called")

    with receiving(200) as receiver:
        await ended(store, receiver)
        await webhooks(store, refuse, clock, observe=outcomes.append).deliver_due()

    assert outcomes == ["retried"]
    assert receiver.received == []


async def test_a_receiver_that_hangs_does_not_hold_up_the_others(store: JobStore, clock: Clock, post: Post) -> None:
    with receiving(0) as hanging, receiving(200) as prompt:
        await ended(store, hanging)
        for _ in range(5):
            await ended(store, prompt)

        async with webhooks(store, post, clock, timeout_s=30, poll_s=0.01).running():
            await until(lambda: len(prompt.received) == 5)

        assert len(hanging.received) == 1


async def test_jobs_that_end_while_it_runs_are_told_of(store: JobStore, clock: Clock, post: Post) -> None:
    with receiving(200) as receiver:
        async with webhooks(store, post, clock, poll_s=0.01).running():
            for count in (1, 2, 3):
                await ended(store, receiver)
                await until(lambda count=count: len(receiver.received) == count)  # type: ignore[misc]


async def test_what_was_being_sent_at_the_end_is_sent_after_the_next_start(
    store: JobStore, clock: Clock, post: Post
) -> None:
    with receiving(0, 200) as receiver:
        await ended(store, receiver)
        async with webhooks(store, post, clock, timeout_s=10, poll_s=0.01).running():
            await until(lambda: len(receiver.received) == 1)
        clock.advance(60)

        async with webhooks(store, post, clock, poll_s=0.01).running():
            await until(lambda: len(receiver.received) == 2)

    assert receiver.received[0][1] == receiver.received[1][1]
