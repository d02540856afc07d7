"""What a job has read: whole when it has ended, and what there is while it runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from quire.api.openapi import PROBLEM_RESPONSES, RESULT_RESPONSE
from quire.api.problems import problem
from quire.api.service import Service, admit, owner_of, service_of
from quire.errors import InvalidOption, ResultNotReady
from quire.exports import EXPORTS, export
from quire.jobs import answers
from quire.jobs.model import Job, PageRow
from quire.sources.pages import select_pages

router = APIRouter(responses=PROBLEM_RESPONSES)

_STATE: Final = "Quire-Job-State"


@dataclass(frozen=True, slots=True)
class _Part:
    """A document of a result.

    Attributes:
        head: `Document.head()`.
        numbers: of the pages that are wanted; all when None.
    """

    index: int
    head: Mapping[str, Any]
    numbers: frozenset[int] | None


@router.get(
    "/v1/jobs/{job_id}/result",
    summary="What a job has read",
    operation_id="job_result",
    responses={200: RESULT_RESPONSE},
    response_class=Response,
)
async def result(
    request: Request,
    job_id: str,
    format: Annotated[
        str | None, Query(description="As of the job when absent.", json_schema_extra={"enum": [*EXPORTS]})
    ] = None,
    pages: Annotated[str | None, Query(description="Page ranges, 1-based: '1-3,7,-1'. All when absent.")] = None,
) -> Response:
    """The documents with the pages that are done; the header Quire-Job-State says whether that is all."""
    service = service_of(request)
    principal = await admit(request, "jobs")
    job = await service.backend.store.get(job_id, owner_of(principal))
    return await answer_result(request, job, format or job.format or "json", pages)


async def answer_result(request: Request, job: Job, wanted: str, pages: str | None) -> Response:
    """The job's result in a format.

    Raises:
        InvalidOption: there is no such format.
        InvalidPageRange, PageOutOfRange: a document does not have these pages.
        ResultNotReady: nothing has been read yet.
    """
    found = export(wanted)
    service = service_of(request)
    if job.finished and not any(document.pages_done > document.pages_failed for document in job.documents):
        return await _nothing_read(request, job)
    headers = {_STATE: job.state}
    parts = await _parts(service, job, pages)
    if len(job.documents) > 1:
        return StreamingResponse(_many(service, job, wanted, parts), media_type=found.mime, headers=headers)
    if not parts:
        raise ResultNotReady("the job has not come to this yet: ask again, or wait with GET /v1/jobs/{id}?wait=10")
    rows = _rows(service, job, parts[0])
    if wanted == "ndjson":
        return StreamingResponse(answers.to_ndjson(parts[0].head, rows), media_type=found.mime, headers=headers)
    async with aclosing(rows):
        kept = [row async for row in rows]
    content = await asyncio.to_thread(answers.encode, parts[0].head, kept, wanted)
    return Response(content, media_type=found.mime, headers=headers)


async def _parts(service: Service, job: Job, pages: str | None) -> list[_Part]:
    """What there is of the documents that were opened. Known before the answer begins: it cannot fail later."""
    parts = []
    for document in job.documents:
        opening = await service.backend.store.opening(job.id, document.index)
        if opening is not None:
            numbers = None if pages is None else frozenset(select_pages(pages, opening.head["pages_total"]))
            parts.append(_Part(document.index, opening.head, numbers))
    return parts


async def _many(service: Service, job: Job, wanted: str, parts: Sequence[_Part]) -> AsyncIterator[bytes]:
    """Several documents: as entries of `documents` in JSON, one after the other in what can be joined."""
    if wanted == "json":
        yield b'{"documents": ['
    for part in parts:
        async with aclosing(_rows(service, job, part)) as rows:
            kept = [row async for row in rows]
        content = await asyncio.to_thread(answers.encode, part.head, kept, wanted)
        if part is not parts[0]:
            yield b", " if wanted == "json" else b"" if wanted == "ndjson" else b"\n"
        yield content.rstrip(b"\n") if wanted == "json" else content
    if wanted == "json":
        yield b"]}\n"


async def _rows(service: Service, job: Job, part: _Part) -> AsyncGenerator[PageRow]:
    async for row in service.backend.store.pages(job.id, part.index):
        if part.numbers is None or row.number in part.numbers:
            yield row


async def _nothing_read(request: Request, job: Job) -> Response:
    """Why there is no result: the first error there is."""
    request_id = request.state.request_id
    for error in (job.error, *(document.error for document in job.documents)):
        if error is not None:
            return problem(request_id, error.code, error.detail)
    async for row in service_of(request).backend.store.pages(job.id, 0):
        failure = json.loads(row.content)
        if row.failed:
            return problem(request_id, failure["code"], failure["detail"])
    if job.state == "succeeded":
        raise InvalidOption("the job has no pages")
    return problem(request_id, "cancelled", "the job was cancelled before a page of it was read: send it again")
