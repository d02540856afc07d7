"""POST /v1/read: one document in, its text out, in one exchange."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from quire.api.exporting import encoded
from quire.api.form import parse_read
from quire.api.job_requests import JobRequest, answer_job, make_job
from quire.api.leaving import deadline, unless_gone
from quire.api.openapi import READ_OPERATION, READ_RESPONSES
from quire.api.reading import visit
from quire.api.service import Service, check_engine
from quire.exports import EXPORTS
from quire.jobs import answers
from quire.jobs.reading import Request as ReadRequest
from quire.jobs.reading import in_order
from quire.workers.tasks import OpenedDocument, PageRead

router = APIRouter()

_WAIT: Final = re.compile(r"(?:^|[,;\s])wait=(\d{1,6})(?:$|[,;\s])")


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

    The reading stops within a page when the client hangs up. With the header `Prefer: wait=N`, a reading that takes
    longer than N seconds goes on as a job, and the answer is 202 with its address.
    """
    accept = request.headers.get("accept", "")
    async with visit(request, "read") as inside:
        service = inside.service
        upload = await inside.receive()
        form = parse_read((*request.query_params.multi_items(), *upload.fields))
        wanted = form.answer_format(accept)
        check_engine(service, form)
        wait = _WAIT.search(request.headers.get("prefer", ""))
        if wait and not form.streams(accept):
            inside.principal.require("jobs")
            wish = JobRequest.of_read(form, wanted)
            job = await make_job(request, inside.principal, upload.documents, wish)
            return await answer_job(request, job, float(wait[1]))
        asked = await inside.asked(upload.documents[0], form.options(), form.name)
        async with deadline(form.timeout_s):
            opened = await unless_gone(request, inside.opened(asked))
            if form.streams(accept):
                rows = _stream(service, asked, opened, form.timeout_s)
                return _StreamedReading(rows, inside.held.pop_all())
            found = await unless_gone(request, inside.pages(asked, opened))
            content = await unless_gone(request, encoded(service, found, wanted))
    return Response(content, media_type=EXPORTS[wanted].mime)


async def _stream(
    service: Service, asked: ReadRequest, opened: OpenedDocument, timeout_s: float | None
) -> AsyncGenerator[bytes]:
    async with aclosing(_in_time(service.backend.reader.read(asked, opened.numbers), timeout_s)) as pages:
        async for row in answers.to_ndjson(opened.head, in_order(pages, opened.numbers)):
            yield row


async def _in_time(pages: AsyncGenerator[PageRead], timeout_s: float | None) -> AsyncGenerator[PageRead]:
    async with deadline(timeout_s), aclosing(pages):
        async for page in pages:
            yield page


class _StreamedReading(StreamingResponse):
    """A stream that owns what it reads from: the client's leaving, even before the first byte, frees it."""

    def __init__(self, rows: AsyncGenerator[bytes], held: AsyncExitStack) -> None:
        held.push_async_callback(rows.aclose)
        # Proxies such as nginx would otherwise keep pages back until their buffer is full.
        super().__init__(_freeing(rows, held), media_type=EXPORTS["ndjson"].mime, headers={"X-Accel-Buffering": "no"})
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._held:
            await super().__call__(scope, receive, send)


async def _freeing(rows: AsyncIterator[bytes], held: AsyncExitStack) -> AsyncIterator[bytes]:
    """The rows; lets go of all before the response ends: a client that asks again at once finds room."""
    async for row in rows:
        yield row
    await held.aclose()
