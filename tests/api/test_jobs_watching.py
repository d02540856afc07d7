"""How a job is watched: long polls, events, how long it will take."""

from __future__ import annotations

from collections.abc import Callable

from calls import create, ended, events, look, wait_until
from running import FakeServer

Numbered = Callable[..., bytes]


def test_a_long_poll_answers_when_the_job_ends_or_its_own_time_is_over(working: FakeServer, numbered: Numbered) -> None:
    job = create(working.http, numbered(20))

    early = working.http.get(f"/v1/jobs/{job['id']}?wait=0.05").json()
    late = working.http.get(f"/v1/jobs/{job['id']}?wait=20").json()

    assert early["state"] in ("queued", "running")
    assert late["state"] == "succeeded"


def test_events_tell_each_page_once_and_end_with_the_job(working: FakeServer, numbered: Numbered) -> None:
    job = create(working.http, numbered(5))

    with working.http.stream("GET", f"/v1/jobs/{job['id']}/events") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        told = list(events(response.iter_lines()))

    assert [event.id for event in told] == list(range(1, len(told) + 1))
    assert sorted(event.data["page"] for event in told if event.kind == "page") == [1, 2, 3, 4, 5]
    assert [event.kind for event in told][-2:] == ["document", "done"]
    assert told[-1].data["state"] == "succeeded"
    assert told[-1].data["pages_done"] == 5


def test_events_go_on_after_the_last_that_arrived(working: FakeServer, numbered: Numbered) -> None:
    job = create(working.http, numbered(8))
    url = f"/v1/jobs/{job['id']}/events"
    with working.http.stream("GET", url) as response:
        stream = events(response.iter_lines())
        first = [next(stream) for _ in range(3)]

    with working.http.stream("GET", url, headers={"Last-Event-ID": str(first[-1].id)}) as response:
        rest = list(events(response.iter_lines()))
    with working.http.stream("GET", url, headers={"Last-Event-ID": str(rest[-1].id)}) as response:
        nothing = list(events(response.iter_lines()))

    told = [*first, *rest]
    assert [event.id for event in told] == list(range(1, len(told) + 1))
    assert sorted(event.data["page"] for event in told if event.kind == "page") == list(range(1, 9))
    assert nothing == []


def test_a_running_job_says_how_long_it_will_take(working: FakeServer, numbered: Numbered) -> None:
    job = create(working.http, numbered(30))

    wait_until(lambda: look(working.http, job)["pages_done"], "a page")
    running = look(working.http, job)

    assert running["state"] == "running"
    assert 0 < running["eta_s"] < 60
    assert running["queue_position"] is None
    assert ended(working.http, job)["eta_s"] is None


def test_jobs_that_wait_know_their_place_in_the_queue(working: FakeServer, numbered: Numbered) -> None:
    # 32 jobs of one owner run side by side.
    jobs = [create(working.http, numbered(50)) for _ in range(35)]

    places = [look(working.http, job)["queue_position"] for job in jobs]
    for job in reversed(jobs):
        working.http.delete(f"/v1/jobs/{job['id']}")

    assert places == [None] * 32 + [0, 1, 2]
