"""Servers that are busy, connections that break, answers that are none."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import accumulate
from pathlib import Path

import httpx
import pytest
from clients import Asking, Fault, answer, broken

from quire.client import Retries
from quire.client.retries import answered
from quire.client.steps import Asked, Pause, Send
from quire.errors import (
    AnswerNotUnderstood,
    DeadlinePassed,
    DocumentQuarantined,
    Overloaded,
    QuireError,
    QuotaExceeded,
    ServerUnreachable,
    StorageFull,
)

Tiff = Callable[..., Path]
Ask = Callable[..., Asking]

AGAIN: list[tuple[str, Fault]] = [
    ("busy", answer(429, "overloaded", retry_after="0")),
    ("loading", answer(503, "engine_start_failed", retry_after="0")),
    ("a busy proxy", answer(503, "<html>", retry_after="0")),
    ("a proxy that lost its server", answer(502, "<html>")),
    ("nobody listening", broken(httpx.ConnectError)),
    ("a connection that breaks", broken(httpx.ReadError)),
    ("half an answer", broken(httpx.RemoteProtocolError)),
    ("an answer that is cut short", 20),
]
FINAL: list[tuple[str, Fault, type[QuireError]]] = [
    ("too long a pause", answer(429, "overloaded", retry_after="3600"), Overloaded),
    ("waiting would not help", answer(429, "quota_exceeded"), QuotaExceeded),
    ("the document broke workers", answer(503, "document_quarantined"), DocumentQuarantined),
    ("no room", answer(507, "storage_full"), StorageFull),
    ("no answer in time", broken(httpx.ReadTimeout), DeadlinePassed),
    ("a web site", answer(404, "<html>"), AnswerNotUnderstood),
    ("a redirect", answer(302, "", location="https://example.org/"), AnswerNotUnderstood),
    ("a code of the future", answer(418, "tea"), AnswerNotUnderstood),
    ("an answer that is no document", answer(200, "<html>"), AnswerNotUnderstood),
    ("JSON that is no document", answer(200, {"pages": 1}), AnswerNotUnderstood),
]


def named(cases: list[tuple]) -> list:  # type: ignore[type-arg]
    return [pytest.param(*case[1:], id=case[0]) for case in cases]


@pytest.mark.parametrize("fault", named(AGAIN))
def test_a_reading_is_asked_for_again(ask: Ask, tiff: Tiff, fault: Fault) -> None:
    client = ask(faults=[fault, fault])

    assert len(client.read(tiff(2)).pages) == 2
    assert len(client.transport.requests) == 3


@pytest.mark.parametrize(("fault", "kind"), named(FINAL))
def test_what_will_not_change_is_not_asked_again(ask: Ask, tiff: Tiff, fault: Fault, kind: type[QuireError]) -> None:
    client = ask(faults=[fault])

    with pytest.raises(kind):
        client.read(tiff(1))
    assert len(client.transport.requests) == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        pytest.param(answer(429, "overloaded", retry_after="0"), Overloaded, id="a busy server"),
        pytest.param(broken(), ServerUnreachable, id="a broken connection"),
        pytest.param(9, ServerUnreachable, id="cut answers"),
    ],
)
def test_patience_has_an_end(ask: Ask, tiff: Tiff, fault: Fault, kind: type[QuireError]) -> None:
    client = ask(retries=Retries(most=2, first_s=0.01), faults=[fault] * 9)

    with pytest.raises(kind):
        client.read(tiff(1))
    with pytest.raises(kind):
        list(client.stream(tiff(1)))
    assert len(client.transport.requests) == 6


def test_an_upload_that_is_sent_again_is_sent_whole(ask: Ask, tiff: Tiff) -> None:
    told: list[int] = []
    client = ask(faults=[20])

    job = client.submit(tiff(3, "a.tif"), tiff(2, "b.tif"), on_upload=lambda sent, _: told.append(sent))

    assert client.wait(job).pages_done == 5
    assert told[: len(told) // 2] == told[len(told) // 2 :]


def test_a_job_whose_answer_was_lost_is_made_once(ask: Ask, tiff: Tiff, watching: Asking) -> None:
    lost: list[str] = []
    client = ask(faults=[5])
    before = watching_jobs(watching)

    lost.append(client.submit(tiff(1)).id)

    assert watching_jobs(watching) - before == 1
    first, second = client.transport.requests
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]


def watching_jobs(client: Asking) -> int:
    stats = client._http.get("/v1/stats").json()
    return sum(stats["jobs"].values())


def test_a_deletion_whose_answer_was_lost_is_not_sent_again(ask: Ask, tiff: Tiff) -> None:
    client = ask()
    job = client.submit(tiff(90))
    client.transport._faults = iter([None, broken()])

    with pytest.raises(ServerUnreachable):
        client.cancel(job)

    client.delete(job)


class TestStreams:
    @pytest.mark.parametrize("cut", [1, 500, 3000])
    def test_pages_go_on_where_the_connection_broke(self, ask: Ask, tiff: Tiff, cut: int) -> None:
        client = ask(faults=[cut, cut + 900])

        assert [page.number for page in client.stream(tiff(5))] == [1, 2, 3, 4, 5]
        assert len(client.transport.requests) == 3

    @pytest.mark.parametrize("cut", [1, 100, 300])
    def test_events_go_on_where_the_connection_broke(self, ask: Ask, tiff: Tiff, cut: int) -> None:
        job = ask().submit(tiff(3))
        client = ask(faults=[cut, cut])

        events = list(client.events(job))

        assert [event.id for event in events] == [*range(1, len(events) + 1)]
        assert len(client.transport.requests) == 3

    def test_a_stream_that_goes_on_is_followed_however_often_it_breaks(self, ask: Ask, tiff: Tiff) -> None:
        path = tiff(5)
        rows = ask().read_as(path, "ndjson").splitlines(keepends=True)
        ends = [*accumulate(map(len, rows))]
        client = ask(retries=Retries(most=1, first_s=0.01), faults=[end + 5 for end in ends[1:-1]])

        assert [page.number for page in client.stream(path)] == [1, 2, 3, 4, 5]
        assert len(client.transport.requests) == 6

    def test_an_error_in_the_stream_is_raised(self, ask: Ask) -> None:
        row = '{"error": {"page": null, "code": "deadline_passed", "detail": "too slow"}}\n'
        client = ask(faults=[answer(200, row)])

        with pytest.raises(DeadlinePassed, match="too slow"):
            list(client.stream(b"x"))

    def test_line_ends_inside_text_end_no_row(self, ask: Ask) -> None:
        rows = '{"error": {"page": 1, "code": "page_damaged", "detail": "a\u2028b\x85c"}}\n{"done": {}}\n'
        client = ask(faults=[answer(200, rows)])

        (failure,) = client.stream(b"x")

        assert failure.detail == "a\u2028b\x85c"

    @pytest.mark.parametrize("row", ["[]", "{}", "1", "<html>", '{"page": 1}', "id: x\ndata: 1\n"])
    def test_rows_of_another_service_are_not_taken_for_pages_or_events(self, ask: Ask, row: str) -> None:
        client = ask(retries=Retries(most=0), faults=[answer(200, row + "\n"), answer(200, row + "\n")])

        with pytest.raises((AnswerNotUnderstood, ServerUnreachable)):
            list(client.stream(b"x"))
        with pytest.raises((AnswerNotUnderstood, ServerUnreachable)):
            list(client.events("a"))


class TestPauses:
    """What an operation asks for, step by step: no clock is needed."""

    def pause_s(self, answer: httpx.Response | httpx.RequestError, *, repeatable: bool = True) -> float:
        asked = Asked("POST", "/v1/jobs", repeatable=repeatable)
        steps = answered(asked, Retries())
        assert next(steps) == Send(asked)
        pause = steps.send(answer)
        assert isinstance(pause, Pause)
        assert next(steps) == Send(asked)
        return pause.seconds

    def test_the_server_says_how_long(self) -> None:
        assert self.pause_s(httpx.Response(429, headers={"Retry-After": "7"}), repeatable=False) == 7
        assert self.pause_s(httpx.Response(503, headers={"Retry-After": "60"})) == 60

    def test_or_until_when(self) -> None:
        until = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
        past = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)

        assert 18 <= self.pause_s(httpx.Response(429, headers={"Retry-After": until})) <= 20
        assert self.pause_s(httpx.Response(429, headers={"Retry-After": past})) == 0

    @pytest.mark.parametrize("value", ["", "soon", "-1", "1e3", "٣", "Fri, 99 Nov"])
    def test_a_time_that_is_none_counts_as_absent(self, value: str) -> None:
        response = httpx.Response(
            429, json={"code": "overloaded", "detail": "x"}, headers={"Retry-After": value.encode()}
        )  # type: ignore[dict-item]

        with pytest.raises(Overloaded) as caught:
            self.pause_s(response)
        assert caught.value.retry_after_s is None

    def test_after_a_broken_connection_they_grow(self) -> None:
        pauses = [Retries(first_s=1, longest_s=9).backoff_s(attempt) for attempt in range(6)]

        for pause, longest in zip(pauses, [1, 2, 4, 8, 9, 9], strict=True):
            assert longest / 2 <= pause <= longest

    def test_what_must_not_come_twice_does_not_after_a_broken_connection(self) -> None:
        for lost in (httpx.ReadError("x"), httpx.Response(502)):
            with pytest.raises((ServerUnreachable, AnswerNotUnderstood)):
                self.pause_s(lost, repeatable=False)


def test_a_key_goes_to_the_server(ask: Ask, tiff: Tiff) -> None:
    client = ask(key="qk_a")
    client.read(tiff(1))

    assert client.transport.requests[0].headers["authorization"] == "Bearer qk_a"
    assert client.transport.requests[0].headers["user-agent"].startswith("quire-client/")


def test_a_pause_is_waited_for(ask: Ask, tiff: Tiff) -> None:
    client = ask(faults=[answer(429, "overloaded", retry_after="1")])
    before = time.monotonic()

    client.read(tiff(1))

    assert time.monotonic() - before >= 1
