"""A fresh store of each kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from stores import STORES, Clock, OpenStore

from quire.jobs.store import JobStore


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=STORES.values(), ids=STORES.keys())
def open_job_store(request: pytest.FixtureRequest) -> OpenStore:
    opener: OpenStore = request.param
    return opener


@pytest.fixture
async def store(open_job_store: OpenStore, tmp_path: Path, clock: Clock) -> AsyncIterator[JobStore]:
    async with open_job_store(tmp_path / "jobs", clock=clock) as opened:
        yield opened
