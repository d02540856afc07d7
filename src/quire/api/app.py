"""The application: puts the API's parts together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI

from quire.api import docs, problems, read, status
from quire.api.gate import Gate
from quire.api.host import ReaderHost
from quire.api.middleware import Exchange
from quire.api.openapi import describe
from quire.api.service import Service
from quire.assembly import load_reader
from quire.reader import Reader
from quire.settings import Settings


def create_app(settings: Settings, load: Callable[[], Reader] | None = None) -> FastAPI:
    """The server's application.

    Args:
        load: makes the reader with its engine started, on a thread, when the server starts; from the settings
            when absent.
    """
    host = ReaderHost(load or (lambda: load_reader(settings)))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with host.running():
            yield

    app = FastAPI(title="Quire", lifespan=lifespan, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.service = Service(settings, Gate(settings.documents_at_once, settings.queue_size), host)
    app.include_router(read.router)
    app.include_router(status.router)
    app.include_router(docs.router)
    app.add_middleware(Exchange)
    problems.install(app)
    describe(app)
    return app
