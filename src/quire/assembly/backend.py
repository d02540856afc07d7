"""What a server does its work with, by the settings: workers, scheduler, cache, jobs; one for each server."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from quire.assembly.access import Access
from quire.assembly.model_servers import advice, model_server
from quire.assembly.models import model_time_s, ppstructure_config, tesseract_config, vlm_config
from quire.assembly.traced_workers import TracedWorkers
from quire.assembly.tracing import open_spans
from quire.cache import PageCache
from quire.jobs.blobs import BlobStore
from quire.jobs.reading import DocumentReader
from quire.jobs.runner import JobRunner
from quire.jobs.scheduler import Scheduler
from quire.jobs.sqlite.store import open_store
from quire.jobs.store import JobStore
from quire.jobs.sweeper import Sweeper
from quire.jobs.webhooks import Webhooks
from quire.metrics import Metrics, Snapshot
from quire.model_server.server import ModelServer
from quire.remote import Fetcher, Guard
from quire.runtimes.machine import available_cores, default_workers
from quire.settings import Settings
from quire.workers.config import WorkerConfig
from quire.workers.pool import WorkerPool
from quire.workers.slot import at_once

if TYPE_CHECKING:
    from quire.assembly.spans import Spans

_WEBHOOK_TIMEOUT_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Backend:
    """The parts, running.

    Attributes:
        model_server: the one that this server keeps running, if any.
        spans: makes spans for OpenTelemetry, where they are wanted.
    """

    pool: WorkerPool
    scheduler: Scheduler
    cache: PageCache
    blobs: BlobStore
    guard: Guard
    fetcher: Fetcher
    reader: DocumentReader
    store: JobStore
    runner: JobRunner
    metrics: Metrics
    model_server: ModelServer | None
    spans: Spans | None

    async def require_ready(self) -> None:
        """Makes sure that pages can be read now.

        Raises:
            QuireError: why they cannot.
        """
        if self.model_server is not None:
            self.model_server.check()
        await self.reader.ready(0)

    async def observe(self) -> None:
        """Lets the metrics know how the parts stand now."""
        waiting = {
            "interactive": self.scheduler.waiting_interactive,
            "batch": self.scheduler.waiting - self.scheduler.waiting_interactive,
        }
        self.metrics.take(
            Snapshot(
                pages_waiting=waiting,
                pages_in_flight=self.scheduler.running,
                workers=self.pool.stats().workers,
                cache=self.cache.stats(),
                jobs={str(state): count for state, count in (await self.store.counts()).items()},
                storage_bytes=self.blobs.used_bytes,
            )
        )


def worker_config(settings: Settings) -> WorkerConfig:
    """What each page worker is told."""
    worker = settings.worker
    return WorkerConfig(
        processes=settings.workers or default_workers(available_cores()),
        engine=settings.engine,
        runtime=settings.runtime,
        threads=settings.threads,
        streams=settings.streams,
        models_dir=settings.models_dir,
        layout=settings.layout,
        vlm=vlm_config(settings),
        ppstructure=ppstructure_config(settings),
        tesseract=tesseract_config(settings),
        limits=settings.limits,
        page_timeout_s=worker.page_timeout_s + model_time_s(settings),
        recycle_after_pages=worker.recycle_after_pages,
        recycle_rss_bytes=worker.recycle_rss_bytes,
        kill_rss_bytes=worker.kill_rss_bytes,
        drain_timeout_s=worker.drain_timeout_s,
    )


@asynccontextmanager
async def running_backend(settings: Settings, access: Access, config: WorkerConfig) -> AsyncIterator[Backend]:
    """The backend, for the length of the `async with` block. Its engine may still be loading.

    Raises:
        InvalidOption: another server uses the data folder, or a setting does not fit.
        OutputError, StorageFull: the data folder cannot be used.
    """
    data = settings.data_dir
    metrics = Metrics()
    async with AsyncExitStack() as held:
        spans = held.enter_context(open_spans(os.environ))
        store = await held.enter_async_context(open_store(data / "jobs", max_bytes=settings.jobs.storage_bytes))
        blobs = BlobStore(data / "documents", max_bytes=settings.jobs.storage_bytes)
        cache = PageCache(settings.cache.memory_bytes, data / "cache", settings.cache.disk_bytes)
        held.push_async_callback(cache.close)
        guard = Guard(settings.urls.allow_networks)
        fetcher = await held.enter_async_context(
            Fetcher(guard, max_bytes=settings.limits.max_bytes, timeout_s=settings.urls.timeout_s)
        )
        served = model_server(settings, metrics.model_server)
        if served is not None:
            await held.enter_async_context(served.running())
        model_ready = served.wait if served is not None else at_once
        await held.enter_async_context(advice(settings, model_ready))
        pool = WorkerPool(config, metrics, model_ready)
        await held.enter_async_context(pool.running())
        scheduler = Scheduler(
            lambda: pool.size, on_wait=lambda lane, seconds: metrics.page_waited(seconds, lane.interactive)
        )
        reader = DocumentReader(
            TracedWorkers(pool, spans) if spans else pool,
            scheduler,
            cache,
            start_wait_s=settings.start_wait_s,
            on_page=metrics.page_read,
        )
        runner = JobRunner(
            store,
            reader,
            blobs.path,
            charge=access.charge,
            most=settings.jobs.max_unfinished,
            drain_timeout_s=settings.worker.drain_timeout_s,
        )
        await held.enter_async_context(runner.running())
        secret = settings.jobs.webhook_secret
        poster = await held.enter_async_context(Fetcher(guard, max_bytes=0, timeout_s=_WEBHOOK_TIMEOUT_S))
        webhooks = Webhooks(
            store,
            poster.post,
            secret=secret.get_secret_value().encode() if secret else None,
            timeout_s=_WEBHOOK_TIMEOUT_S,
            observe=metrics.webhook_attempted,
        )
        await held.enter_async_context(webhooks.running())
        await held.enter_async_context(Sweeper(store, blobs).running())
        yield Backend(pool, scheduler, cache, blobs, guard, fetcher, reader, store, runner, metrics, served, spans)
