"""What the pool tells of itself: figures now, and events as they happen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal, Protocol

WorkerState = Literal["starting", "idle", "busy"]

PoolEvent = Literal["started", "start_failed", "died", "retried", "quarantined", "recycled"]
"""Of a worker: started, could not start, ended or was killed, was replaced while in order; of a task: tried
again, given up."""


class Observer(Protocol):
    """Is told what happens, on the event loop; must not raise."""

    def note(self, event: PoolEvent) -> None: ...


class _Silent:
    def note(self, event: PoolEvent) -> None:
        pass


SILENT: Final[Observer] = _Silent()


class Tally:
    """Counts events and passes them on."""

    def __init__(self, observer: Observer) -> None:
        self.counts: Counter[PoolEvent] = Counter()
        self._observer = observer

    def note(self, event: PoolEvent) -> None:
        self.counts[event] += 1
        self._observer.note(event)


@dataclass(frozen=True, slots=True)
class WorkerStats:
    """One place in the pool and the worker in it.

    Attributes:
        pid: None while a worker is being started.
        rss_bytes: as it last said.
        pages: tasks that this worker finished.
        restarts: workers that this place had before.
    """

    pid: int | None
    state: WorkerState
    rss_bytes: int
    pages: int
    restarts: int


@dataclass(frozen=True, slots=True)
class PoolStats:
    """The pool now, and what happened since it was made."""

    workers: tuple[WorkerStats, ...]
    waiting: int
    deaths: int
    retries: int
    quarantined: int
    recycled: int
