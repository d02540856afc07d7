"""Webhooks: what a receiver gets, and what becomes of one that was not to be had."""

from __future__ import annotations

import hashlib
import hmac
import json
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from answering import Answer, Request, WebServer
from calls import WEBHOOK_SECRET, create, ended, wait_until
from running import FakeServer

Numbered = Callable[..., bytes]


def test_a_receiver_is_told_of_a_jobs_end_and_can_check_who_tells(
    working: FakeServer, numbered: Numbered, web: WebServer
) -> None:
    web.answers["/hook"] = Answer()

    job = ended(working.http, create(working.http, numbered(2), webhook_url=web.url("/hook")))
    wait_until(lambda: web.requests, "the webhook")

    told = _checked(web.requests[0])
    assert (told["type"], told["job"]["id"], told["job"]["pages_done"]) == ("job.succeeded", job["id"], 2)
    assert told["job"]["finished_at"] == job["finished_at"]
    assert len(web.requests) == 1


def test_a_receiver_that_failed_is_told_again_by_the_next_server(
    start_fake: Callable[..., FakeServer],
    tmp_path: Path,
    numbered: Numbered,
    web: WebServer,
) -> None:
    settings = {"QUIRE_URLS__ALLOW_NETWORKS": "127.0.0.1/32", "QUIRE_JOBS__WEBHOOK_SECRET": WEBHOOK_SECRET}
    server = start_fake(**settings)
    web.answers["/hook"] = Answer(status=503)
    ended(server.http, create(server.http, numbered(1), webhook_url=web.url("/hook")))
    wait_until(lambda: web.requests, "the first attempt")
    server.stop(signal.SIGKILL)

    web.answers["/hook"] = Answer()
    _make_due(tmp_path / "data" / "jobs" / "jobs.db")
    start_fake(**settings)
    wait_until(lambda: len(web.requests) > 1, "the second attempt")

    first, second = web.requests
    assert _checked(first) == _checked(second)
    assert first.headers["Quire-Event-Id"] == second.headers["Quire-Event-Id"]


def _checked(request: Request) -> dict[str, object]:
    """What a receiver was told, when the signature is the secret's."""
    time, _, digest = request.headers["Quire-Signature"].partition(",v1=")
    signed = time.removeprefix("t=").encode() + b"." + request.body
    assert hmac.compare_digest(digest, hmac.new(WEBHOOK_SECRET.encode(), signed, hashlib.sha256).hexdigest())
    told: dict[str, object] = json.loads(request.body)
    assert told["id"] == request.headers["Quire-Event-Id"]
    return told


def _make_due(database: Path) -> None:
    """As if the time until the next attempt, up to half a minute, were over."""
    with closing(sqlite3.connect(database)) as db, db:
        assert db.execute("UPDATE deliveries SET due_at = 0").rowcount == 1
