"""Reads documents page by page: out of the cache what is known, the rest in turn on the workers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, Protocol

from pydantic import TypeAdapter

from quire.cache import PageCache, head_key, page_key, password_digest
from quire.document import Page
from quire.engines.base import EngineInfo
from quire.errors import Cancelled
from quire.jobs.scheduler import Lane, Scheduler
from quire.options import ReadOptions
from quire.sources.pages import select_pages
from quire.tasks import changes, perform
from quire.workers.frames import compact_json
from quire.workers.tasks import DocumentRef, OpenedDocument, PageRead


class Workers(Protocol):
    """What reads pages: `workers.pool.WorkerPool`."""

    @property
    def size(self) -> int: ...

    async def ready(self, wait_s: float) -> EngineInfo: ...

    async def open(self, document: DocumentRef, options: ReadOptions) -> OpenedDocument: ...

    async def read_page(self, document: DocumentRef, number: int, options: ReadOptions) -> PageRead: ...


_PAGE: Final = TypeAdapter(Page)


@dataclass(frozen=True, slots=True)
class Request:
    """One document that is to be read.

    Attributes:
        lane: where its pages queue.
        cached: whether the cache may give and keep its pages.
    """

    document: DocumentRef
    options: ReadOptions
    lane: Lane
    cached: bool = True


class DocumentReader:
    """Opens documents and reads their pages; for one event loop.

    Args:
        start_wait_s: how long a page waits for an engine that is still loading.
        on_page: told of each page, with whether the cache gave it.
    """

    def __init__(
        self,
        workers: Workers,
        scheduler: Scheduler,
        cache: PageCache,
        *,
        start_wait_s: float = 20.0,
        on_page: Callable[[PageRead, bool], None] = lambda _page, _cached: None,
    ) -> None:
        self._workers = workers
        self._scheduler = scheduler
        self._cache = cache
        self._start_wait_s = start_wait_s
        self._on_page = on_page
        self._closed = False

    @property
    def reading(self) -> int:
        """Pages that workers have in hand."""
        return self._scheduler.running

    def close(self) -> None:
        """Starts no further page; those in hand are still read, and their readings end after them."""
        self._closed = True

    async def ready(self, wait_s: float | None = None) -> EngineInfo:
        """The engine that reads, waiting for it.

        Raises:
            QuireError: it is still loading, or why it cannot be loaded.
        """
        return await self._workers.ready(self._start_wait_s if wait_s is None else wait_s)

    async def open(self, request: Request) -> OpenedDocument:
        """What the document is, and which of its pages are asked for.

        Raises:
            QuireError: it cannot be opened, the options do not fit it, or there is no engine.
        """
        document, options = request.document, request.options
        (await self.ready()).require(options)
        key = head_key(sha256=document.sha256, password_digest=_password(request))
        known = await self._cache.get(key) if request.cached else None
        if known is not None:
            head = json.loads(known) | {"name": document.name}
            return OpenedDocument(head, select_pages(options.pages, head["pages_total"]))
        # Its first page follows at once: whoever waits for it must not queue twice.
        async with self._scheduler.turn(request.lane, more=request.lane.interactive):
            opened = await self._workers.open(document, options)
        if request.cached:
            await self._cache.put(key, json.dumps(dict(opened.head)).encode())
        return opened

    async def read(self, request: Request, numbers: Iterable[int]) -> AsyncGenerator[PageRead]:
        """The pages with these numbers, each as soon as it is read; a few are read at once.

        Leaving the iteration starts no further page; close it (`aclosing`) to be sure that it is left.

        Raises:
            QuireError: no page of the document can be read as it was asked for.
        """
        waiting = iter(numbers)
        running: set[asyncio.Task[PageRead]] = set()
        try:
            while True:
                room = 0 if self._closed else self._workers.size + 1 - len(running)
                for number in islice(waiting, room):
                    running.add(asyncio.create_task(self._read_one(request, number)))
                if not running:
                    return
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    if not (self._closed and isinstance(task.exception(), Cancelled)):
                        yield task.result()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _read_one(self, request: Request, number: int) -> PageRead:
        """The page as its task wants it; the cache holds it as it was read, for every task."""
        page = await self._read_plain(request, number)
        if page.failed or not changes(request.options):
            return page
        return replace(page, content=await asyncio.to_thread(_performed, page.content, request.options))

    async def _read_plain(self, request: Request, number: int) -> PageRead:
        if not request.cached:
            return await self._recognise(request, number)
        engine = await self.ready()
        key = page_key(
            sha256=request.document.sha256,
            page=number,
            options_digest=request.options.digest_for(engine.own_tasks),
            engine_version=_engine(engine),
            password_digest=_password(request),
        )
        content = await self._cache.get(key)
        if content is not None:
            page = PageRead(number, content, failed=False, degraded=False, seconds={})
            self._on_page(page, True)
            return page
        page = await self._recognise(request, number)
        if not page.degraded:
            await self._cache.put(key, page.content)
        return page

    async def _recognise(self, request: Request, number: int) -> PageRead:
        async with self._scheduler.turn(request.lane):
            if self._closed:
                raise Cancelled("the server is shutting down: send the document again")
            page = await self._workers.read_page(request.document, number, request.options)
        self._on_page(page, False)
        return page


async def in_order(pages: AsyncIterator[PageRead], numbers: Iterable[int]) -> AsyncIterator[PageRead]:
    """The pages in the order of their numbers, each as soon as those before it are there."""
    early: dict[int, PageRead] = {}
    order = iter(numbers)
    expected = next(order, None)
    async for page in pages:
        early[page.number] = page
        while expected in early:
            yield early.pop(expected)
            expected = next(order, None)


def _performed(content: bytes, options: ReadOptions) -> bytes:
    return compact_json(perform(_PAGE.validate_json(content), options).to_dict())


def _password(request: Request) -> str:
    secret = request.options.password
    return password_digest(secret.get_secret_value() if secret else None, request.document.sha256)


def _engine(info: EngineInfo) -> str:
    # Another runtime computes with another precision, and may read differently.
    return f"{info.name} {info.version} {info.runtime}"
