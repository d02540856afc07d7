"""What a store said is saved is there after `kill -9`, and nothing is there by halves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from stores import STORES, numbers, page, spec

from quire.jobs.model import Event, Job
from quire.jobs.store import JobStore

pytestmark = pytest.mark.anyio

HERE = Path(__file__).parent


def save_until_killed(kind: str, folder: Path, job: Job, pages: int) -> set[int]:
    """Lets a process save pages, kills it once it has saved so many, and returns the numbers that it told of."""
    command = [sys.executable, str(HERE / "saving_child.py"), kind, str(folder), job.id]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        told = [child.stdout.readline() for _ in range(pages)]
        child.kill()
        told += child.stdout.readlines()
    return {int(line) for line in told if line.endswith("\n")}


async def check(store: JobStore, job: Job, told: set[int]) -> None:
    rows = [row async for row in store.pages(job.id, 0)]
    assert told <= {row.number for row in rows}
    assert rows == [page(row.number) for row in rows]
    (document,) = (await store.get(job.id)).documents
    assert document.pages_done == len(rows)
    events = [event async for event in all_events(store, job)]
    assert [event.id for event in events] == list(range(1, len(events) + 1))
    assert sorted(event.data["page"] for event in events if event.kind == "page") == [row.number for row in rows]


async def all_events(store: JobStore, job: Job) -> AsyncIterator[Event]:
    last = 0
    while events := await store.events(job.id, last):
        for event in events:
            yield event
        last = events[-1].id


@pytest.mark.parametrize("kind", STORES)
async def test_a_page_that_was_saved_is_there_after_kill_9_and_reading_goes_on(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "jobs"
    async with STORES[kind](folder) as store:
        job, _ = await store.create(spec())
        await store.transition(job.id, "running")
        await store.opened(job.id, 0, {}, range(1, 100_000))

    told: set[int] = set()
    for pages in (1, 40, 150):
        told |= save_until_killed(kind, folder, job, pages)
        async with STORES[kind](folder) as store:
            await check(store, job, told)

    async with STORES[kind](folder) as store:
        assert [found.id for found in await store.unfinished()] == [job.id]
        missing = max(await numbers(store, job.id)) + 1
        assert await store.save_page(job.id, 0, page(missing))
    assert len(told) >= 191
