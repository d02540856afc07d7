"""Documents that are read while nobody waits."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from clients import Asking

from quire.client import Job
from quire.errors import AnswerNotUnderstood, DeadlinePassed, IdempotencyConflict, InvalidOption, JobNotFound

Tiff = Callable[..., Path]


def test_a_job_is_made_waited_for_fetched_and_deleted(client: Asking, tiff: Tiff) -> None:
    job = client.submit(tiff(2, "a.tif"), tiff(1, "b.tif").read_bytes(), names=["a.tif", "other"], words=False)
    assert [document.name for document in job.documents] == ["a.tif", "other"]

    ended = client.wait(job)
    assert (ended.state, ended.pages_done, ended.finished) == ("succeeded", 3, True)
    assert ended.finished_at >= ended.created_at

    documents = client.documents(job)
    assert [[page.number for page in document.pages] for document in documents] == [[1, 2], [1]]
    assert client.result(job, format="text").decode().count("page") == 3

    client.delete(job)
    with pytest.raises(JobNotFound):
        client.job(job.id)


def test_one_document_is_fetched_page_by_page(client: Asking, tiff: Tiff) -> None:
    job = client.wait(client.submit(tiff(3)))

    (document,) = client.documents(job, pages="2-3")

    assert [page.number for page in document.pages] == [2, 3]
    assert json.loads(client.result(job, format="json", pages="2-3")) == json.loads(document.to_json())


def test_progress_is_told_while_it_is_waited_for(client: Asking, tiff: Tiff) -> None:
    told: list[Job] = []

    ended = client.wait(client.submit(tiff(60)), on_progress=told.append)

    assert told[-1] == ended
    assert len(told) > 1
    assert [job.pages_done for job in told] == sorted(job.pages_done for job in told)


def test_waiting_may_have_an_end_that_the_job_does_not_share(client: Asking, tiff: Tiff) -> None:
    job = client.submit(tiff(90))

    with pytest.raises(DeadlinePassed):
        client.wait(job, timeout_s=0.2)

    assert not client.job(job).finished
    client.delete(job)


def test_events_come_in_order_and_from_where_they_are_asked(client: Asking, tiff: Tiff) -> None:
    job = client.submit(tiff(2))

    events = list(client.events(job))

    assert [event.id for event in events] == [*range(1, len(events) + 1)]
    assert [event.data["page"] for event in events if event.kind == "page"] == [1, 2]
    assert events[-1].kind == "done"
    assert list(client.events(job, after=events[1].id)) == events[2:]


def test_the_same_key_is_the_same_job(client: Asking, tiff: Tiff) -> None:
    path = tiff(1)
    first = client.submit(path, idempotency_key=f"key of {path}".replace(" ", "-"))

    assert client.submit(path, idempotency_key=f"key-of-{path}").id == first.id
    assert client.submit(path).id != first.id
    with pytest.raises(IdempotencyConflict):
        client.submit(path, idempotency_key=f"key-of-{path}", words=False)


def test_cancelling_keeps_what_was_read_and_leaves_ended_jobs_alone(client: Asking, tiff: Tiff) -> None:
    running = client.submit(tiff(90))
    next(iter(client.events(running)))

    assert client.cancel(running).state == "cancelled"
    assert client.cancel(running).state == "cancelled"
    client.delete(running)

    ended = client.wait(client.submit(tiff(1)))
    assert client.cancel(ended) == ended
    assert client.documents(ended)


def test_deleting_ends_a_job_that_runs(client: Asking, tiff: Tiff) -> None:
    job = client.submit(tiff(90))

    client.delete(job)

    with pytest.raises(JobNotFound):
        client.delete(job)


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param([], id="none"),
        pytest.param([b"a", "http://127.0.0.1/b"], id="files and URLs"),
    ],
)
def test_what_cannot_be_sent_is_refused(client: Asking, documents: list[str | bytes]) -> None:
    with pytest.raises(InvalidOption):
        client.submit(*documents)


def test_names_are_as_many_as_documents(client: Asking) -> None:
    with pytest.raises(InvalidOption):
        client.submit(b"a", names=["a", "b"])


def test_an_id_cannot_lead_elsewhere(client: Asking) -> None:
    for job in ("../engines?", "a/../../engines", ".", ".."):
        with pytest.raises((JobNotFound, AnswerNotUnderstood)):
            client.job(job)


def test_a_job_may_have_more_documents_than_a_process_may_open_files(client: Asking, tiff: Tiff) -> None:
    paths = [tiff(1, f"{number}.tif") for number in range(40)]
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = len(os.listdir("/dev/fd"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + 20, before[1]))
    try:
        job = client.submit(*paths)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

    assert [document.name for document in job.documents] == [path.name for path in paths]
    client.delete(job)
