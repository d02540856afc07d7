"""Wakes those who wait for news of a job, within one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Changes:
    """Who listens for which job. Not thread-safe: belongs to one event loop."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = {}

    @contextmanager
    def listening(self, job_id: str) -> Iterator[asyncio.Event]:
        """An event that is set by the next news of the job. Look at the job after entering, lest news be missed."""
        heard = asyncio.Event()
        listeners = self._listeners.setdefault(job_id, set())
        listeners.add(heard)
        try:
            yield heard
        finally:
            listeners.discard(heard)
            if not listeners:
                self._listeners.pop(job_id, None)

    def announce(self, job_id: str) -> None:
        """Wakes all who listen for the job."""
        for heard in self._listeners.get(job_id, ()):
            heard.set()
