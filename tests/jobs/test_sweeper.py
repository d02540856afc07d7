"""Results and documents go when nobody needs them any more, and not before."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from stores import Clock

from quire.errors import JobExpired, OutputError
from quire.jobs.background import repeating
from quire.jobs.blobs import BlobStore
from quire.jobs.model import DocumentSpec, Job, JobSpec
from quire.jobs.store import JobStore
from quire.jobs.sweeper import Sweeper, Swept

pytestmark = pytest.mark.anyio


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "blobs", max_bytes=1_000_000)


async def received(blobs: BlobStore, content: bytes, *, age_s: float = 3600) -> str:
    async with blobs.new() as writer:
        await writer.write(content)
        blob = await writer.finish()
    at = blob.path.stat().st_mtime - age_s
    os.utime(blob.path, (at, at))
    return blob.sha256


async def ended_job(store: JobStore, sha256: str) -> Job:
    job, _ = await store.create(JobSpec(documents=(DocumentSpec("a.pdf", sha256, 4),), ttl_s=60))
    return await store.cancel(job.id)


async def test_an_expired_job_goes_with_its_document(store: JobStore, blobs: BlobStore, clock: Clock) -> None:
    sha256 = await received(blobs, b"document")
    job = await ended_job(store, sha256)
    told: list[Swept] = []
    sweeper = Sweeper(store, blobs, clock=clock, observe=told.append)

    clock.advance(59)
    assert await sweeper.sweep() == Swept(0, 0)
    assert blobs.path(sha256).exists()
    clock.advance(1)
    assert await sweeper.sweep() == Swept(1, 8)

    assert told == [Swept(0, 0), Swept(1, 8)]
    assert await blobs.stored() == set()
    with pytest.raises(JobExpired):
        await store.get(job.id)


async def test_a_document_stays_as_long_as_one_of_its_jobs(store: JobStore, blobs: BlobStore, clock: Clock) -> None:
    sha256 = await received(blobs, b"document")
    await ended_job(store, sha256)
    clock.advance(30)
    await ended_job(store, sha256)
    sweeper = Sweeper(store, blobs, clock=clock)

    clock.advance(31)
    assert await sweeper.sweep() == Swept(1, 0)
    clock.advance(31)
    assert await sweeper.sweep() == Swept(1, 8)


async def test_a_document_whose_job_is_about_to_be_made_stays(store: JobStore, blobs: BlobStore, clock: Clock) -> None:
    new = await received(blobs, b"just came", age_s=0)
    await received(blobs, b"nobody's", age_s=601)

    await Sweeper(store, blobs, grace_s=600, clock=clock).sweep()

    assert await blobs.stored() == {new}


async def test_it_sweeps_again_and_again(store: JobStore, blobs: BlobStore, clock: Clock) -> None:
    sweeps = asyncio.Semaphore(0)
    sweeper = Sweeper(store, blobs, clock=clock, interval_s=0.001, observe=lambda _: sweeps.release())

    async with asyncio.timeout(20), sweeper.running():
        for _ in range(3):
            await sweeps.acquire()


async def test_a_round_that_fails_is_not_the_last_one(caplog: pytest.LogCaptureFixture) -> None:
    rounds = 0
    enough = asyncio.Event()

    async def work() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 3:
            enough.set()
        raise OutputError("the disk is away for a moment")

    async with asyncio.timeout(20), repeating("the work", work, every_s=0.001):
        await enough.wait()

    assert "a round of the work failed" in caplog.text
