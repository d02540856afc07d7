"""The application: puts the API's parts together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from quire.api import docs, job_events, job_pages, job_results, jobs, operations, problems, read, status
from quire.api.adapters import deepseek, dots, health, queue, rest, rest_jobs, rest_status
from quire.api.adapters.azure import routes as azure
from quire.api.adapters.docling import convert as docling_convert
from quire.api.adapters.docling import state as docling_state
from quire.api.adapters.docling import tasks as docling_tasks
from quire.api.adapters.mistral import files as mistral_files
from quire.api.adapters.mistral import links as mistral_links
from quire.api.adapters.mistral import ocr as mistral_ocr
from quire.api.gate import Gate
from quire.api.intake import Intake
from quire.api.middleware import Exchange
from quire.api.openapi import describe
from quire.api.service import Service
from quire.api.tracing import Traced
from quire.assembly.access import open_access
from quire.assembly.backend import running_backend, worker_config
from quire.errors import QuireError
from quire.settings import Settings
from quire.workers.config import WorkerConfig

_ROUTERS = (read, jobs, job_events, job_results, job_pages, status, operations, docs)
_ADAPTERS = (
    *(health, queue, rest, rest_jobs, rest_status, dots, deepseek, azure),
    *(docling_convert, docling_tasks, docling_state, mistral_files, mistral_links, mistral_ocr),
)


def create_app(settings: Settings, config: WorkerConfig | None = None) -> FastAPI:
    """The server's application.

    An error that keeps it from starting is in `app.state.start_error`, since a server has no other way to say why.
    `app.state.stop_waiting()` ends what only waits for news; signal handlers may call it.

    Args:
        config: what each page worker is told; from the settings when absent.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            async with (
                open_access(settings) as access,
                running_backend(settings, access, config or worker_config(settings)) as backend,
            ):
                limits = settings.limits
                intake = Intake(
                    backend.blobs,
                    backend.fetcher,
                    max_bytes=limits.max_bytes,
                    timeout_s=settings.upload_timeout_s,
                )
                stopping = asyncio.Event()
                app.state.service = Service(settings, backend, access, Gate(settings.queue_size), intake, stopping)
                loop = asyncio.get_running_loop()
                app.state.stop_waiting = lambda: loop.call_soon_threadsafe(stopping.set)
                yield
        except QuireError as error:
            app.state.start_error = error
            raise

    app = FastAPI(
        title="Quire",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Its spans would hold the query, in which a password may stand: ours are in `quire.api.tracing`.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.start_error = None
    app.state.stop_waiting = lambda: None
    for module in (*_ROUTERS, *_ADAPTERS):
        app.include_router(module.router)
    app.add_middleware(Exchange)
    if settings.access.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.access.cors_origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "X-API-Key", "Content-Type", "Idempotency-Key", "Last-Event-ID", "Prefer"],
            expose_headers=["Location", "Retry-After", "X-Request-ID"],
        )
    app.add_middleware(Traced)
    problems.install(app)
    describe(app)
    return app
