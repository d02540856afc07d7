"""Removes results whose time is over, and documents that no job needs."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from quire.jobs.background import repeating
from quire.jobs.blobs import BlobStore
from quire.jobs.store import JobStore

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep removed."""

    jobs: int
    freed_bytes: int


class Sweeper:
    """Sweeps every `interval_s` while it runs.

    Attributes:
        grace_s: a document that came less than this ago is left alone: its job may be about to be made.
    """

    def __init__(
        self,
        store: JobStore,
        blobs: BlobStore,
        *,
        interval_s: float = 60,
        grace_s: float = 600,
        clock: Callable[[], float] = time.time,
        observe: Callable[[Swept], None] = lambda _: None,
    ) -> None:
        self.grace_s = grace_s
        self._store = store
        self._blobs = blobs
        self._interval_s = interval_s
        self._clock = clock
        self._observe = observe

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sweeps for the length of the `async with` block."""
        async with repeating("the sweeper", self.sweep, every_s=self._interval_s):
            yield

    async def sweep(self) -> Swept:
        """Removes all that may go now."""
        jobs = 0
        while expired := await self._store.expire(self._clock()):
            jobs += len(expired)
        # In this order: a blob that a job takes up in between is in use, or too young.
        stored = await self._blobs.stored()
        unused = stored - await self._store.blobs_in_use()
        swept = Swept(jobs, await self._blobs.release(unused, idle_s=self.grace_s))
        if swept.jobs or swept.freed_bytes:
            _log.info("swept %d jobs, freed %d bytes", swept.jobs, swept.freed_bytes)
        self._observe(swept)
        return swept
