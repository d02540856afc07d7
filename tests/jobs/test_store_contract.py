"""What every job store does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr
from stores import HEAD, Clock, OpenStore, numbers, page, sha, spec, started

from quire.errors import IdempotencyConflict, JobExpired, JobNotFound, StorageFull
from quire.jobs.model import Failure, JobState
from quire.jobs.store import JobStore
from quire.options import ReadOptions, Strategy

pytestmark = pytest.mark.anyio

DAY_S = 24 * 3600


# Making and finding jobs


async def test_a_new_job_holds_what_was_asked_for(store: JobStore, clock: Clock) -> None:
    asked = spec(
        2,
        options=ReadOptions(strategy=Strategy.SPEED, pages="1-3", password=SecretStr("geheim")),
        owner="key1",
        priority="interactive",
        webhook_url="https://receiver.test/hook",
        ttl_s=60.0,
        timeout_s=5.0,
        format="markdown",
        request_digest="d",
        idempotency_key="k",
    )

    job, made = await store.create(asked)

    assert made
    assert job == await store.get(job.id)
    assert (job.state, job.created_at, job.started_at, job.expires_at) == ("queued", clock.now, None, None)
    assert [(doc.index, doc.name, doc.sha256, doc.size_bytes) for doc in job.documents] == [
        (0, "0.pdf", sha(0), 1000),
        (1, "1.pdf", sha(1), 1001),
    ]
    for name in ("options", "owner", "priority", "webhook_url", "ttl_s", "timeout_s", "format"):
        assert getattr(job, name) == getattr(asked, name), name


async def test_ids_cannot_be_guessed_from_one_another(store: JobStore) -> None:
    ids = {(await store.create(spec()))[0].id for _ in range(20)}

    assert len({job_id[:8] for job_id in ids}) == 20


async def test_the_same_idempotency_key_and_request_are_the_same_job(store: JobStore) -> None:
    first, _ = await store.create(spec(idempotency_key="k", request_digest="d"))
    second, made = await store.create(spec(idempotency_key="k", request_digest="d"))

    assert not made
    assert second.id == first.id


async def test_a_hundred_requests_at_once_with_one_key_make_one_job(store: JobStore) -> None:
    asked = spec(idempotency_key="k", request_digest="d")

    answers = await asyncio.gather(*(store.create(asked) for _ in range(100)))

    assert len({job.id for job, _ in answers}) == 1
    assert sum(made for _, made in answers) == 1


async def test_an_idempotency_key_with_another_request_is_refused_and_harms_no_other(store: JobStore) -> None:
    await store.create(spec(idempotency_key="k", request_digest="d"))

    refused, other = await asyncio.gather(
        store.create(spec(idempotency_key="k", request_digest="e")), store.create(spec()), return_exceptions=True
    )

    assert isinstance(refused, IdempotencyConflict)
    assert isinstance(other, tuple)


async def test_idempotency_keys_of_two_owners_have_nothing_to_do_with_each_other(store: JobStore) -> None:
    first, _ = await store.create(spec(owner="a", idempotency_key="k", request_digest="d"))
    second, made = await store.create(spec(owner="b", idempotency_key="k", request_digest="e"))

    assert made
    assert first.id != second.id


async def test_an_idempotency_key_is_free_again_when_its_job_has_expired(store: JobStore, clock: Clock) -> None:
    asked = spec(idempotency_key="k", request_digest="d", ttl_s=60)
    first, _ = await store.create(asked)
    await store.cancel(first.id)
    clock.advance(61)

    second, made = await store.create(asked)

    assert made
    assert second.id != first.id


@pytest.mark.parametrize("owner", ["b", ""], ids=["another key", "no key"])
async def test_another_owners_job_does_not_exist(store: JobStore, owner: str) -> None:
    job, _ = await store.create(spec(owner="a"))

    for attempt in (store.get(job.id, owner), store.cancel(job.id, owner), store.delete(job.id, owner)):
        with pytest.raises(JobNotFound):
            await attempt

    assert (await store.get(job.id, "a")).state == "queued"


async def test_an_unknown_job_is_not_found(store: JobStore) -> None:
    with pytest.raises(JobNotFound):
        await store.get("nothing")
    with pytest.raises(JobNotFound):
        await store.transition("nothing", "running")


async def test_new_jobs_are_refused_when_the_store_is_full_and_accepted_ones_go_on(
    open_job_store: OpenStore, tmp_path: Path
) -> None:
    async with open_job_store(tmp_path) as store:
        job = await started(store, pages=1)
        await store.save_page(job.id, 0, page(1))

    async with open_job_store(tmp_path, max_bytes=1) as store:
        with pytest.raises(StorageFull):
            await store.create(spec())
        assert (await store.cancel(job.id)).state == "cancelled"


# States


@pytest.mark.parametrize("end", ["succeeded", "partial", "failed", "cancelled"])
async def test_a_job_runs_from_the_queue_to_its_end(store: JobStore, clock: Clock, end: JobState) -> None:
    job, _ = await store.create(spec(ttl_s=100))
    clock.advance(1)
    assert (await store.transition(job.id, "running")).started_at == clock.now
    clock.advance(1)

    ended = await store.transition(job.id, end, Failure("deadline_passed", "too long"))

    assert (ended.state, ended.finished_at, ended.expires_at) == (end, clock.now, clock.now + 100)
    assert ended.error == Failure("deadline_passed", "too long")
    assert ended.finished


async def test_the_first_end_counts(store: JobStore) -> None:
    job = await started(store)
    await store.cancel(job.id)

    assert (await store.transition(job.id, "succeeded")).state == "cancelled"
    assert (await store.transition(job.id, "running")).state == "cancelled"
    assert (await store.cancel(job.id)).state == "cancelled"


async def test_of_many_ends_at_once_one_counts_for_all(store: JobStore) -> None:
    job = await started(store)
    ends: list[JobState] = ["succeeded", "cancelled", "failed", "partial"] * 5

    answers = await asyncio.gather(*(store.transition(job.id, end) for end in ends))

    assert len({answer.state for answer in answers}) == 1
    assert [event.kind for event in await store.events(job.id)].count("done") == 1


async def test_a_queued_job_cannot_succeed(store: JobStore) -> None:
    job, _ = await store.create(spec())

    with pytest.raises(ValueError, match="from queued to succeeded"):
        await store.transition(job.id, "succeeded")


async def test_an_interrupted_job_goes_back_to_the_queue_and_keeps_its_start(store: JobStore, clock: Clock) -> None:
    job = await started(store)
    clock.advance(10)

    await store.transition(job.id, "queued")
    again = await store.transition(job.id, "running")

    assert again.started_at == job.started_at


async def test_unfinished_jobs_come_oldest_first(store: JobStore) -> None:
    jobs = [(await store.create(spec()))[0] for _ in range(4)]
    await store.transition(jobs[2].id, "running")
    await store.cancel(jobs[1].id)

    assert [job.id for job in await store.unfinished()] == [jobs[0].id, jobs[2].id, jobs[3].id]


async def test_jobs_are_counted_by_state(store: JobStore) -> None:
    for _ in range(3):
        await store.create(spec())
    await started(store)

    assert await store.counts() == {"queued": 3, "running": 1}


async def test_a_password_is_there_for_those_who_read_and_gone_when_the_job_ends(store: JobStore) -> None:
    job = await started(store, options=ReadOptions(password=SecretStr("geheim")))
    (resumed,) = await store.unfinished()
    assert resumed.options.password == SecretStr("geheim")

    ended = await store.cancel(job.id)

    assert ended.options == ReadOptions()


# Documents and pages


async def test_what_opening_a_document_told_is_kept(store: JobStore) -> None:
    job, _ = await store.create(spec(2))

    await store.opened(job.id, 0, HEAD, [1, 3])
    await store.opened(job.id, 0, {}, [7, 8, 9])

    opening = await store.opening(job.id, 0)
    assert opening is not None
    assert (opening.head, opening.numbers) == (HEAD, (1, 3))
    assert await store.opening(job.id, 1) is None
    assert [doc.pages_total for doc in (await store.get(job.id)).documents] == [2, None]


async def test_pages_come_by_number_however_they_were_saved(store: JobStore) -> None:
    job = await started(store, pages=40)
    for number in [*range(40, 0, -3), *range(2, 40, 3), *range(3, 40, 3)]:
        await store.save_page(job.id, 0, page(number))

    rows = [row async for row in store.pages(job.id, 0)]

    assert [row.number for row in rows] == list(range(1, 41))
    assert rows[6] == page(7)
    assert await numbers(store, job.id, after=35) == [36, 37, 38, 39, 40]
    assert await store.done_numbers(job.id, 0) == set(range(1, 41))


async def test_a_page_is_saved_once(store: JobStore) -> None:
    job = await started(store)

    saved = await asyncio.gather(*(store.save_page(job.id, 0, page(2, failed=i > 0)) for i in range(5)))

    assert saved == [True, False, False, False, False]
    assert [row async for row in store.pages(job.id, 0)] == [page(2)]
    (document,) = (await store.get(job.id)).documents
    assert (document.pages_done, document.pages_failed) == (1, 0)


async def test_a_page_that_was_cancelled_while_it_was_saved_is_whole_or_not_there(store: JobStore) -> None:
    job = await started(store)
    saving = asyncio.create_task(store.save_page(job.id, 0, page(1)))
    await asyncio.sleep(0)
    saving.cancel()
    await store.save_page(job.id, 0, page(2))

    assert len(await numbers(store, job.id)) == (await store.get(job.id)).pages_done


async def test_documents_of_a_job_are_told_apart(store: JobStore) -> None:
    job = await started(store, documents=2)
    await store.save_page(job.id, 0, page(1))
    await store.save_page(job.id, 1, page(2, failed=True))

    assert await numbers(store, job.id, 0) == [1]
    assert await numbers(store, job.id, 1) == [2]
    current = await store.get(job.id)
    assert (current.pages_done, current.pages_total) == (2, 6)


@pytest.mark.parametrize(
    ("failed", "error", "expected"),
    [
        pytest.param([False, False], None, "succeeded", id="all pages read"),
        pytest.param([False, True], None, "partial", id="one page failed"),
        pytest.param([True, True], None, "failed", id="all pages failed"),
        pytest.param([False], Failure("deadline_passed", "late"), "partial", id="an error after some pages"),
        pytest.param([False, False], Failure("internal_error", "x"), "partial", id="an error after all pages"),
        pytest.param([], Failure("engine_failed", "x"), "failed", id="an error before any page"),
    ],
)
async def test_a_document_ends_as_its_pages_and_its_error_say(
    store: JobStore, failed: list[bool], error: Failure | None, expected: str
) -> None:
    job = await started(store, pages=2)
    for number, page_failed in enumerate(failed, start=1):
        await store.save_page(job.id, 0, page(number, failed=page_failed))

    await store.finish_document(job.id, 0, error)
    await store.finish_document(job.id, 0, Failure("internal_error", "a second time"))

    current = await store.get(job.id)
    assert (current.documents[0].state, current.documents[0].error) == (expected, error)
    assert current.outcome == expected


async def test_a_document_that_cannot_be_opened_fails_and_the_others_are_read(store: JobStore) -> None:
    job, _ = await store.create(spec(2))
    await store.transition(job.id, "running")
    await store.finish_document(job.id, 0, Failure("damaged_document", "save it again"))
    await store.opened(job.id, 1, HEAD, [1])
    await store.save_page(job.id, 1, page(1))
    await store.finish_document(job.id, 1)

    assert (await store.get(job.id)).outcome == "partial"


async def test_the_end_of_a_job_is_the_end_of_its_documents(store: JobStore) -> None:
    cancelled = await started(store, documents=2)
    failed = await started(store, documents=2)
    for job in (cancelled, failed):
        await store.save_page(job.id, 0, page(1))

    states = [doc.state for doc in (await store.cancel(cancelled.id)).documents]
    assert states == ["cancelled", "cancelled"]
    states = [doc.state for doc in (await store.transition(failed.id, "failed")).documents]
    assert states == ["partial", "failed"]


async def test_nothing_is_added_to_a_job_that_has_ended(store: JobStore) -> None:
    job = await started(store)
    await store.save_page(job.id, 0, page(1))
    before = await store.cancel(job.id)
    events = await store.events(job.id)

    assert not await store.save_page(job.id, 0, page(2))
    await store.finish_document(job.id, 0)
    await store.opened(job.id, 0, HEAD, [1])

    assert await store.get(job.id) == before
    assert await store.events(job.id) == events
    assert await numbers(store, job.id) == [1]


async def test_nothing_is_added_to_a_job_that_is_gone(store: JobStore) -> None:
    job = await started(store)
    await store.delete(job.id)

    assert not await store.save_page(job.id, 0, page(1))
    await store.finish_document(job.id, 0)


# Events


async def test_events_tell_a_jobs_story_in_order(store: JobStore) -> None:
    job = await started(store, pages=2)
    await store.save_page(job.id, 0, page(2))
    await store.save_page(job.id, 0, page(1, failed=True))
    await store.finish_document(job.id, 0)
    await store.transition(job.id, "partial")

    events = await store.events(job.id)

    assert [event.id for event in events] == [1, 2, 3, 4, 5, 6]
    assert [event.kind for event in events] == ["progress", "progress", "page", "page", "document", "done"]
    assert events[3].data == {
        "document": 0, "page": 1, "failed": True, "state": "running", "pages_done": 2, "pages_total": 2,
    }  # fmt: skip
    assert events[-1].data == {"error": None, "state": "partial", "pages_done": 2, "pages_total": 2}


async def test_events_resume_after_any_of_them(store: JobStore) -> None:
    job = await started(store, pages=20)
    for number in range(1, 21):
        await store.save_page(job.id, 0, page(number))
    everything = await store.events(job.id)

    assert await store.events(job.id, after=7) == everything[7:]
    assert await store.events(job.id, after=7, limit=3) == everything[7:10]
    assert await store.events(job.id, after=1000) == []


async def test_waiting_ends_with_the_next_event(store: JobStore) -> None:
    job = await started(store)
    last = (await store.events(job.id))[-1].id
    waiting = asyncio.create_task(store.wait(job.id, last, 30))
    await asyncio.sleep(0)

    await store.save_page(job.id, 0, page(1))

    assert await waiting
    assert await store.wait(job.id, last, 30)
    assert not await store.wait(job.id, last + 1, 0.01)


async def test_waiting_ends_when_the_job_is_removed(store: JobStore) -> None:
    job = await started(store)
    waiting = asyncio.create_task(store.wait(job.id, 1000, 30))
    await asyncio.sleep(0)

    await store.delete(job.id)

    assert await waiting


async def test_waiting_ends_when_the_job_ends_for_one_who_expects_further_events(store: JobStore) -> None:
    job = await started(store)
    waiting = asyncio.create_task(store.wait(job.id, 1000, 30))
    await asyncio.sleep(0)

    await store.transition(job.id, "failed")

    assert await waiting


# Removal


async def test_a_deleted_job_is_gone_at_once(store: JobStore) -> None:
    job = await started(store)
    await store.save_page(job.id, 0, page(1))

    await store.delete(job.id)

    with pytest.raises(JobNotFound):
        await store.get(job.id)
    assert await numbers(store, job.id) == []
    assert await store.events(job.id) == []
    assert await store.blobs_in_use() == set()
    assert await store.unfinished() == []


async def test_a_job_whose_result_is_kept_for_no_time_ends_all_the_same(store: JobStore) -> None:
    job = await started(store, ttl_s=1e-300)

    assert (await store.transition(job.id, "succeeded")).state == "succeeded"
    assert await store.unfinished() == []


async def test_a_result_expires_and_says_so_for_a_day(store: JobStore, clock: Clock) -> None:
    job = await started(store, owner="a", ttl_s=60)
    await store.save_page(job.id, 0, page(1))
    await store.cancel(job.id)
    clock.advance(60)
    with pytest.raises(JobExpired):
        await store.get(job.id, "a")

    assert [expired.id for expired in await store.expire(clock.now)] == [job.id]
    assert await store.expire(clock.now) == []

    assert await numbers(store, job.id) == []
    clock.advance(DAY_S - 1)
    await store.expire(clock.now)
    with pytest.raises(JobExpired):
        await store.get(job.id, "a")
    with pytest.raises(JobNotFound):
        await store.get(job.id, "b")
    clock.advance(1)
    await store.expire(clock.now)
    with pytest.raises(JobNotFound):
        await store.get(job.id, "a")


async def test_a_job_that_runs_does_not_expire(store: JobStore, clock: Clock) -> None:
    job = await started(store, ttl_s=60)
    clock.advance(10 * DAY_S)

    assert await store.expire(clock.now) == []
    assert (await store.get(job.id)).state == "running"


async def test_many_jobs_with_many_pages_expire(store: JobStore, clock: Clock) -> None:
    for _ in range(120):
        job, _ = await store.create(spec(ttl_s=60))
        await store.cancel(job.id)
    large = await started(store, pages=450, ttl_s=60)
    await asyncio.gather(*(store.save_page(large.id, 0, page(number)) for number in range(1, 451)))
    await store.cancel(large.id)
    clock.advance(61)

    expired = 0
    while some := await store.expire(clock.now):
        expired += len(some)

    assert expired == 121
    assert await numbers(store, large.id) == []
    assert await store.counts() == {}


async def test_blobs_are_in_use_as_long_as_a_job_has_them(store: JobStore, clock: Clock) -> None:
    first, _ = await store.create(spec(2, ttl_s=60))
    second, _ = await store.create(spec(1, ttl_s=60))
    await store.cancel(first.id)
    assert await store.blobs_in_use() == {sha(0), sha(1)}

    clock.advance(61)
    await store.expire(clock.now)

    assert await store.blobs_in_use() == {sha(0)}
    assert second.id in {job.id for job in await store.unfinished()}


# The outbox


async def test_the_end_of_a_job_queues_its_webhook_once(store: JobStore, clock: Clock) -> None:
    job = await started(store, webhook_url="https://receiver.test/hook", owner="a")
    assert await store.due(clock.now, limit=10, lease_s=5) == []
    await store.transition(job.id, "succeeded")
    await store.cancel(job.id)

    (delivery,) = await store.due(clock.now, limit=10, lease_s=5)

    assert (delivery.job_id, delivery.url, delivery.attempt) == (job.id, "https://receiver.test/hook", 1)
    assert delivery.id.encode() in delivery.body


async def test_a_job_without_a_webhook_queues_none(store: JobStore, clock: Clock) -> None:
    job = await started(store)
    await store.cancel(job.id)

    assert await store.due(clock.now, limit=10, lease_s=5) == []


async def test_a_webhook_whose_sender_died_comes_back_after_the_lease(store: JobStore, clock: Clock) -> None:
    job = await started(store, webhook_url="https://receiver.test/hook")
    await store.cancel(job.id)
    (first,) = await store.due(clock.now, limit=10, lease_s=5)
    assert await store.due(clock.now + 4.9, limit=10, lease_s=5) == []

    (second,) = await store.due(clock.now + 5, limit=10, lease_s=5)

    assert (second.id, second.body, second.attempt) == (first.id, first.body, 2)


async def test_a_webhook_is_tried_again_when_that_was_asked_for_and_then_no_more(store: JobStore, clock: Clock) -> None:
    job = await started(store, webhook_url="https://receiver.test/hook")
    await store.cancel(job.id)
    (delivery,) = await store.due(clock.now, limit=10, lease_s=5)

    await store.record_attempt(delivery.id, retry_at=clock.now + 100)
    assert await store.due(clock.now + 99, limit=10, lease_s=5) == []
    assert len(await store.due(clock.now + 100, limit=10, lease_s=5)) == 1
    await store.record_attempt(delivery.id, retry_at=None)

    assert await store.due(clock.now + 1000, limit=10, lease_s=5) == []


async def test_webhooks_outlive_the_result_but_not_a_deletion(store: JobStore, clock: Clock) -> None:
    kept = await started(store, webhook_url="https://receiver.test/kept", ttl_s=1)
    deleted = await started(store, webhook_url="https://receiver.test/deleted")
    for job in (kept, deleted):
        await store.cancel(job.id)
    await store.delete(deleted.id)
    clock.advance(2)
    await store.expire(clock.now)

    assert [found.job_id for found in await store.due(clock.now, limit=10, lease_s=5)] == [kept.id]


# Restarts


async def test_everything_is_there_after_a_restart(open_job_store: OpenStore, tmp_path: Path, clock: Clock) -> None:
    async with open_job_store(tmp_path, clock=clock) as store:
        job = await started(store, documents=2, webhook_url="https://receiver.test/hook")
        await store.save_page(job.id, 1, page(3))
        await store.finish_document(job.id, 0, Failure("engine_failed", "x"))
        before = (await store.get(job.id), await store.events(job.id), await store.opening(job.id, 1))

    async with open_job_store(tmp_path, clock=clock) as store:
        assert (await store.get(job.id), await store.events(job.id), await store.opening(job.id, 1)) == before
        assert await numbers(store, job.id, 1) == [3]
        assert await store.save_page(job.id, 1, page(1))
        assert (await store.events(job.id))[-1].id == before[1][-1].id + 1
