"""POST /v1/read: one document in, its text out, in one exchange."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from quire.api.document_thread import DocumentThread
from quire.api.form import ReadForm, display_name, parse
from quire.api.openapi import READ_OPERATION, READ_RESPONSES
from quire.api.problems import problem
from quire.api.service import Service, service_of
from quire.api.upload import Upload, receive
from quire.document import Document
from quire.errors import Cancelled, CapabilityMissing
from quire.exports import EXPORTS
from quire.reader import Reader

T = TypeVar("T")
router = APIRouter()


@router.post(
    "/v1/read",
    summary="Read one document",
    operation_id="read",
    openapi_extra=READ_OPERATION,
    responses=READ_RESPONSES,
    response_class=Response,
)
async def read(request: Request) -> Response:
    """Reads a PDF or an image and answers with its text, lines, words and boxes.

    The reading stops within a page when the client hangs up.
    """
    service = service_of(request)
    accept = request.headers.get("accept", "")
    async with AsyncExitStack() as held:
        await held.enter_async_context(service.gate.place())
        upload = await _receive(request, service, held)
        form = parse((*request.query_params.multi_items(), *upload.fields))
        wanted = form.answer_format(accept)
        thread = await _unless_gone(request, _start(service, held, upload, form))
        if form.streams(accept):
            return _StreamedReading(thread.stream(), held.pop_all())
        document = await _unless_gone(request, thread.document())
    return _answer(request, document, wanted)


async def _receive(request: Request, service: Service, held: AsyncExitStack) -> Upload:
    settings = service.settings
    upload = await receive(request, max_bytes=settings.limits.max_bytes, timeout_s=settings.upload_timeout_s)
    held.callback(upload.close)
    return upload


async def _start(service: Service, held: AsyncExitStack, upload: Upload, form: ReadForm) -> DocumentThread:
    """Waits for the engine and the turn, then opens the document; `held` keeps all three."""
    reader = await service.host.reader(service.settings.start_wait_s)
    _check_engine(reader, form)
    await held.enter_async_context(service.gate.turn())
    thread = await held.enter_async_context(DocumentThread())
    await thread.open(reader, upload, form.options(), display_name(form.name, upload.name))
    return thread


def _check_engine(reader: Reader, form: ReadForm) -> None:
    loaded = reader.engine.info.name
    if "engine" in form.model_fields_set and form.engine != loaded:
        raise CapabilityMissing(f"this server runs the engine '{loaded}' only: leave `engine` out")


def _answer(request: Request, document: Document, wanted: str) -> Response:
    if document.errors and not document.pages:
        first = document.errors[0]
        return problem(request.state.request_id, first.code, first.detail)
    found = EXPORTS[wanted]
    return Response(found.encode(document), media_type=found.mime)


async def _unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The work's result, or its end as soon as the client hangs up.

    Raises:
        Cancelled: the client left.
    """
    task = asyncio.create_task(work)
    gone = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Cancelled("the client left before its document was read")
        return task.result()
    finally:
        task.cancel()
        gone.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _freeing(rows: AsyncIterator[bytes], held: AsyncExitStack) -> AsyncIterator[bytes]:
    """The rows; lets go of all before the response ends: a client that asks again at once finds room."""
    async for row in rows:
        yield row
    await held.aclose()


class _StreamedReading(StreamingResponse):
    """A stream that owns what it reads from: the client's leaving, even before the first byte, frees it."""

    def __init__(self, rows: AsyncIterator[bytes], held: AsyncExitStack) -> None:
        # Proxies such as nginx would otherwise keep pages back until their buffer is full.
        super().__init__(_freeing(rows, held), media_type=EXPORTS["ndjson"].mime, headers={"X-Accel-Buffering": "no"})
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._held:
            await super().__call__(scope, receive, send)
