"""Workers that make a span of each document they open and each page they read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quire.engines.base import EngineInfo
from quire.jobs.reading import Workers
from quire.options import ReadOptions
from quire.workers.tasks import DocumentRef, OpenedDocument, PageRead

if TYPE_CHECKING:
    from quire.assembly.spans import Spans


class TracedWorkers:
    """Passes all on to other workers."""

    def __init__(self, workers: Workers, spans: Spans) -> None:
        self._workers = workers
        self._spans = spans

    @property
    def size(self) -> int:
        return self._workers.size

    async def ready(self, wait_s: float) -> EngineInfo:
        return await self._workers.ready(wait_s)

    async def open(self, document: DocumentRef, options: ReadOptions) -> OpenedDocument:
        with self._spans.work("open document", options.engine) as span:
            opened = await self._workers.open(document, options)
            span.opened(opened.head["pages_total"])
            return opened

    async def read_page(self, document: DocumentRef, number: int, options: ReadOptions) -> PageRead:
        with self._spans.work("read page", options.engine) as span:
            page = await self._workers.read_page(document, number, options)
            span.read(page)
            return page
