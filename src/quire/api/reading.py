"""One request inside the server: let in, its documents received, read while the client waits.

What `/v1/read` and every compatible API do on the way is here, once: admission and quotas, the cache, the end of the
work when the client leaves.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from quire.access import Principal
from quire.api.bodies import NATIVE, BodyShape
from quire.api.exporting import ReadDocument
from quire.api.form import display_name
from quire.api.intake import FindKept, Incoming, Upload, none_kept
from quire.api.leaving import deadline, unless_gone
from quire.api.service import Service, admit, client_of, lane_of, may_cache, service_of
from quire.errors import QuireError, error_of
from quire.jobs.reading import Request as ReadRequest
from quire.jobs.reading import in_order
from quire.options import ReadOptions
from quire.workers.tasks import DocumentRef, OpenedDocument

Check = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that was let in.

    Attributes:
        held: what ends with the visit; its documents above all, unless a job kept them.
    """

    request: Request
    service: Service
    principal: Principal
    held: AsyncExitStack

    async def receive(self, shape: BodyShape = NATIVE, *, most: int = 1, kept: FindKept = none_kept) -> Upload:
        """The body of the request; see `Intake.receive`."""
        return await self.service.intake.receive(self.request, self.held, most=most, shape=shape, kept=kept)

    async def asked(self, incoming: Incoming, options: ReadOptions, name: str | None = None) -> ReadRequest:
        """The reading of a document that arrived.

        Raises:
            QuireError: there is no engine yet, or no room for the document.
        """
        await self.service.backend.reader.ready()
        blob = await incoming.writer.received()
        document = DocumentRef(blob.path, blob.sha256, display_name(name, incoming.name))
        lane = lane_of(self.request, self.principal)
        return ReadRequest(document, self.service.settled(options), lane, cached=may_cache(self.request))

    async def opened(self, asked: ReadRequest, check: Check | None = None) -> OpenedDocument:
        """The document, open, its pages taken out of the quota.

        Raises:
            QuireError: it cannot be opened, or its pages are more than the principal may have read.
        """
        opened = await self.service.backend.reader.open(asked)
        if check is not None:
            check(opened.head)
        await self.service.access.quotas.take(self.principal, len(opened.numbers), client=client_of(self.request))
        return opened

    async def pages(self, asked: ReadRequest, opened: OpenedDocument) -> ReadDocument:
        """The document, read.

        Raises:
            QuireError: no page of it could be read; what befell the first.
        """
        async with aclosing(self.service.backend.reader.read(asked, opened.numbers)) as reading:
            pages = [page async for page in in_order(reading, opened.numbers)]
        if pages and all(page.failed for page in pages):
            first = json.loads(pages[0].content)
            raise error_of(first["code"], first["detail"])
        return ReadDocument(asked.document, asked.options, asked.lane, opened.head, pages)

    async def read(
        self,
        incoming: Incoming,
        options: ReadOptions,
        *,
        check: Check | None = None,
        timeout_s: float | None = None,
    ) -> ReadDocument:
        """One document, read now; the work ends when the client leaves, or after so many seconds.

        Args:
            check: told of `Document.head()` before pages are read; raises to refuse the document.

        Raises:
            QuireError: it cannot be read.
        """
        async with deadline(timeout_s):
            return await unless_gone(self.request, self._read(incoming, options, check))

    async def read_each(
        self,
        documents: Sequence[Incoming],
        options: ReadOptions,
        *,
        check: Check | None = None,
        timeout_s: float | None = None,
    ) -> list[ReadDocument | QuireError]:
        """As `read`, several side by side, in the order in which they came: each document, or why it was not read.

        Raises:
            Cancelled, DeadlinePassed: the client left, or the time for all is over.
        """
        async with deadline(timeout_s):
            return await unless_gone(self.request, self._read_each(documents, options, check))

    async def _read_each(
        self, documents: Sequence[Incoming], options: ReadOptions, check: Check | None
    ) -> list[ReadDocument | QuireError]:
        # One more than there are places: whichever ends, the next is there.
        room = asyncio.Semaphore(self.service.backend.pool.size + 1)

        async def one(incoming: Incoming) -> ReadDocument | QuireError:
            async with room:
                try:
                    return await self._read(incoming, options, check)
                except QuireError as error:
                    return error

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(incoming)) for incoming in documents]
        return [task.result() for task in tasks]

    async def _read(self, incoming: Incoming, options: ReadOptions, check: Check | None) -> ReadDocument:
        asked = await self.asked(incoming, options)
        opened = await self.opened(asked, check)
        return await self.pages(asked, opened)


@asynccontextmanager
async def visit(request: Request, scope: str) -> AsyncIterator[Visit]:
    """Lets a request in for as long as the block lasts; its body has not been read yet.

    Args:
        scope: what its key must allow: "read" or "jobs".

    Raises:
        AccessError: whoever asks may not have it, or not now.
        Overloaded: the house is full.
    """
    service = service_of(request)
    principal = await admit(request, scope)
    async with AsyncExitStack() as held:
        held.enter_context(service.gate.place(principal.id))
        yield Visit(request, service, principal, held)
