"""What is read off the server's parts when somebody looks, instead of being counted as it happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


class WorkerReading(Protocol):
    """One page worker."""

    @property
    def state(self) -> str: ...
    @property
    def rss_bytes(self) -> int: ...
    @property
    def restarts(self) -> int: ...


class TierReading(Protocol):
    """One tier of the cache."""

    @property
    def hits(self) -> int: ...
    @property
    def misses(self) -> int: ...
    @property
    def size_bytes(self) -> int: ...


class CacheReading(Protocol):
    """The cache of pages."""

    @property
    def memory(self) -> TierReading: ...
    @property
    def disk(self) -> TierReading: ...
    @property
    def dropped(self) -> int: ...
    @property
    def failures(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The server at one moment.

    Attributes:
        pages_waiting: by priority, "interactive" and "batch".
        pages_in_flight: given to workers and not back yet.
        workers: in the order of their places.
        jobs: how many are kept, by state.
        storage_bytes: what uploads take on disk.
    """

    pages_waiting: Mapping[str, int] = field(default_factory=dict)
    pages_in_flight: int = 0
    workers: Sequence[WorkerReading] = ()
    cache: CacheReading | None = None
    jobs: Mapping[str, int] = field(default_factory=dict)
    storage_bytes: int = 0


class SnapshotCollector(Collector):
    """Turns the last snapshot into metrics."""

    def __init__(self) -> None:
        self.last = Snapshot()

    def collect(self) -> Iterator[Metric]:
        now = self.last
        yield _gauge("quire_queue_pages", "Pages that wait to be read.", now.pages_waiting, "priority")
        yield _gauge("quire_pages_in_flight", "Pages that workers read now.", now.pages_in_flight)
        yield _gauge("quire_jobs", "Jobs that are kept, by state.", now.jobs, "state")
        yield _gauge("quire_storage_bytes", "Disk that uploads take.", now.storage_bytes)
        yield from _workers(now.workers)
        yield from _cache(now.cache)


def _workers(workers: Sequence[WorkerReading]) -> Iterator[Metric]:
    by_state = {"starting": 0, "idle": 0, "busy": 0}
    for worker in workers:
        by_state[worker.state] = by_state.get(worker.state, 0) + 1
    yield _gauge("quire_workers", "Page workers, by state.", by_state, "state")
    rss_bytes = {str(place): worker.rss_bytes for place, worker in enumerate(workers)}
    yield _gauge("quire_worker_rss_bytes", "Memory of the worker in each place.", rss_bytes, "worker")
    restarts = {str(place): worker.restarts for place, worker in enumerate(workers)}
    yield _counter("quire_worker_restarts", "Workers that each place had before.", restarts, "worker")


def _cache(cache: CacheReading | None) -> Iterator[Metric]:
    tiers = {"memory": cache.memory, "disk": cache.disk} if cache else {}
    hits = {name: tier.hits for name, tier in tiers.items()}
    yield _counter("quire_cache_hits", "Pages found in a tier of the cache.", hits, "tier")
    misses = {name: tier.misses for name, tier in tiers.items()}
    yield _counter("quire_cache_misses", "Pages looked for in a tier and not found.", misses, "tier")
    sizes = {name: tier.size_bytes for name, tier in tiers.items()}
    yield _gauge("quire_cache_bytes", "What a tier's contents take.", sizes, "tier")
    dropped = cache.dropped if cache else 0
    yield CounterMetricFamily("quire_cache_dropped", "Pages that the disk tier did not take.", value=dropped)
    failures = cache.failures if cache else 0
    yield CounterMetricFamily("quire_cache_failures", "Failures of the disk tier.", value=failures)


def _gauge(name: str, text: str, values: Mapping[str, int] | int, label: str | None = None) -> Metric:
    if isinstance(values, int):
        return GaugeMetricFamily(name, text, value=values)
    family = GaugeMetricFamily(name, text, labels=[label or ""])
    for value_of_label, value in values.items():
        family.add_metric([value_of_label], value)
    return family


def _counter(name: str, text: str, values: Mapping[str, int], label: str) -> Metric:
    family = CounterMetricFamily(name, text, labels=[label])
    for value_of_label, value in values.items():
        family.add_metric([value_of_label], value)
    return family
