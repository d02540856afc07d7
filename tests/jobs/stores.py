"""Every implementation of `JobStore`, and small jobs to put into one."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from quire.jobs.model import DocumentSpec, Job, JobSpec, PageRow
from quire.jobs.sqlite import open_store
from quire.jobs.store import JobStore

OpenStore = Callable[..., AbstractAsyncContextManager[JobStore]]
"""Opens a store in a folder; takes `clock` and `max_bytes`. The same folder holds the same jobs again."""

STORES: dict[str, OpenStore] = {"SQLite": open_store}

HEAD = {"schema_version": "1", "name": "a.pdf", "pages_total": 3, "metadata": {"title": "Ä"}}


class Clock:
    """Seconds that pass when told."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


def sha(index: int) -> str:
    return f"{index:064x}"


def spec(documents: int = 1, **fields: Any) -> JobSpec:
    """A job of some documents."""
    return JobSpec(documents=tuple(DocumentSpec(f"{i}.pdf", sha(i), 1000 + i) for i in range(documents)), **fields)


def page(number: int, *, failed: bool = False) -> PageRow:
    return PageRow(number, json.dumps({"number": number, "text": "words " * number}).encode(), failed)


async def started(store: JobStore, pages: int = 3, documents: int = 1, **fields: Any) -> Job:
    """A running job whose documents are open."""
    job, _ = await store.create(spec(documents, **fields))
    await store.transition(job.id, "running")
    for index in range(documents):
        await store.opened(job.id, index, HEAD, range(1, pages + 1))
    return await store.get(job.id)


async def numbers(store: JobStore, job_id: str, index: int = 0, after: int = 0) -> list[int]:
    return [row.number async for row in store.pages(job_id, index, after)]
