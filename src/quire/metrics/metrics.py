"""Counts and times of what happens. One object for a server, no globals: several servers of one process, as in
tests, do not mix.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal, Protocol, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from quire.metrics.snapshot import Snapshot, SnapshotCollector
from quire.release import version

PageOutcome = Literal["read", "degraded", "failed", "cached"]
"""Degraded: read, with a warning."""

PageSource = Literal["ocr", "text_layer", "none"]
"""Where the text came from; none: the page failed, or came out of the cache."""

Dropped = Literal[
    "overloaded", "rate_limited", "quota_exceeded", "deadline", "cancelled", "disconnected", "shutdown"
]  # fmt: skip
"""Why work was refused or given up."""

_POOL_EVENTS: Final = ("started", "start_failed", "died", "retried", "quarantined", "recycled")
_MODEL_SERVER_EVENTS: Final = ("started", "ready", "died", "given_up")
_WEBHOOK_OUTCOMES: Final = ("delivered", "retried", "given_up")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_REQUEST_BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
_PAGE_BUCKETS_S: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_STAGE_BUCKETS_S: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_WAIT_BUCKETS_S: Final = (0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)


class PageReading(Protocol):
    """A page as a worker returns it."""

    @property
    def failed(self) -> bool: ...
    @property
    def degraded(self) -> bool: ...
    @property
    def seconds(self) -> Mapping[str, float]: ...


class Metrics:
    """What one server counts and measures. Thread-safe.

    Attributes:
        media_type: of what `render` returns.
    """

    media_type: Final = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._snapshot = SnapshotCollector()
        self._registry.register(self._snapshot)
        self._define_requests()
        self._define_pages()
        self._define_events()
        Info("quire_build", "The release that runs.", registry=self._registry).info({"version": version()})
        ProcessCollector(registry=self._registry)

    def http_started(self) -> None:
        """A request arrived; `http_done` follows."""
        self._requests_in_flight.inc()

    def http_done(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """A request was answered, or its client left.

        Args:
            route: the route's template, "/v1/jobs/{job_id}"; None where no route matched. Never the path itself.
            status: as it was sent; 499 where the client left before.
        """
        self._requests_in_flight.dec()
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route or "other", status).inc()
        self._request_seconds.labels(known, route or "other").observe(seconds)

    def page_done(self, outcome: PageOutcome, source: PageSource, seconds_by_stage: Mapping[str, float]) -> None:
        """A page was read, found in the cache, or failed.

        Args:
            seconds_by_stage: the page's timings; "total" is the whole page. Empty for one out of the cache.
        """
        self._pages.labels(outcome, source).inc()
        for stage, seconds in seconds_by_stage.items():
            if stage == "total":
                self._page_seconds.labels(source).observe(seconds)
            else:
                self._stage_seconds.labels(stage).observe(seconds)

    def page_read(self, page: PageReading, cached: bool) -> None:
        """A page came back from a worker or out of the cache: `page_done` by what the page tells itself."""
        if cached:
            self.page_done("cached", "none", {})
        elif page.failed:
            self.page_done("failed", "none", page.seconds)
        else:
            source: PageSource = "text_layer" if "text_layer" in page.seconds else "ocr"
            self.page_done("degraded" if page.degraded else "read", source, page.seconds)

    def page_waited(self, seconds: float, interactive: bool) -> None:
        """A page that waited is given to a worker."""
        self._wait_seconds.labels("interactive" if interactive else "batch").observe(seconds)

    def dropped(self, reason: Dropped, count: int = 1) -> None:
        """Requests, or pages of a request that was let in, were refused or given up."""
        self._dropped.labels(reason).inc(count)

    def note(self, event: str) -> None:
        """Something happened to a page worker: the pool's observer."""
        self._pool_events.labels(event).inc()

    def model_server(self, event: str) -> None:
        """Something happened to the model server that this server keeps running."""
        self._model_server_events.labels(event).inc()

    def webhook_attempted(self, outcome: str) -> None:
        """A webhook was delivered, will be tried again, or is given up."""
        self._webhooks.labels(outcome).inc()

    def take(self, snapshot: Snapshot) -> None:
        """What `render` is to show of the server's parts, until the next one is taken."""
        self._snapshot.last = snapshot

    def render(self) -> bytes:
        """Everything in Prometheus' text format, UTF-8."""
        return generate_latest(_WithoutCreationTimes(self._registry))

    def _define_requests(self) -> None:
        registry = self._registry
        self._requests = Counter(
            "quire_http_requests", "Requests that were answered.", ["method", "route", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "quire_http_request_seconds",
            "Time from a request's arrival to the end of its answer.",
            ["method", "route"],
            buckets=_REQUEST_BUCKETS_S,
            registry=registry,
        )
        self._requests_in_flight = Gauge("quire_http_requests_in_flight", "Requests being answered.", registry=registry)

    def _define_pages(self) -> None:
        registry = self._registry
        self._pages = Counter("quire_pages", "Pages that are done.", ["outcome", "source"], registry=registry)
        self._page_seconds = Histogram(
            "quire_page_seconds", "Time to read a page.", ["source"], buckets=_PAGE_BUCKETS_S, registry=registry
        )
        self._stage_seconds = Histogram(
            "quire_page_stage_seconds",
            "Time of a page's stages.",
            ["stage"],
            buckets=_STAGE_BUCKETS_S,
            registry=registry,
        )
        self._wait_seconds = Histogram(
            "quire_queue_wait_seconds",
            "Time that pages waited for a worker.",
            ["priority"],
            buckets=_WAIT_BUCKETS_S,
            registry=registry,
        )

    def _define_events(self) -> None:
        registry = self._registry
        self._dropped = Counter("quire_dropped", "Work that was refused or given up.", ["reason"], registry=registry)
        self._pool_events = Counter(
            "quire_worker_events", "What happened to workers and to what they read.", ["event"], registry=registry
        )
        self._model_server_events = Counter(
            "quire_model_server_events", "What happened to the model server.", ["event"], registry=registry
        )
        self._webhooks = Counter("quire_webhooks", "Attempts to deliver webhooks.", ["outcome"], registry=registry)
        # Counters that are there from the start: a rate over one that appears with its first event misses it.
        _touch(self._dropped, get_args(Dropped))
        _touch(self._pool_events, _POOL_EVENTS)
        _touch(self._model_server_events, _MODEL_SERVER_EVENTS)
        _touch(self._webhooks, _WEBHOOK_OUTCOMES)


def _touch(counter: Counter, values: tuple[str, ...]) -> None:
    for value in values:
        counter.labels(value)


class _WithoutCreationTimes(Collector):
    """The registry without the series that say when each series began: they double their number for nothing."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        for metric in self._registry.collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric
