"""/v1/jobs/{id}/pages/{n}: single pages of a job, and their pictures."""

from __future__ import annotations

import json
import re
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from quire.api.openapi import PAGE_RESPONSE, PROBLEM_RESPONSES
from quire.api.service import admit, lane_of, owner_of, service_of
from quire.errors import PageOutOfRange, ResultNotReady
from quire.jobs.model import DocumentProgress, Job, PageRow
from quire.jobs.store import JobStore
from quire.workers.tasks import DocumentRef

router = APIRouter(responses=PROBLEM_RESPONSES)

_MAX_SIDE_PX: Final = 4000
_FIGURE: Final = re.compile(r"p(\d{1,9})-f\d{1,9}")
_MAX_INDEX: Final = 2**31 - 1
"""More than there can be, and still a number to the database."""

Number = Annotated[int, Path(ge=1, le=_MAX_INDEX, description="Page number, 1-based.")]
Index = Annotated[int, Query(ge=0, le=_MAX_INDEX, description="Which of the job's documents, from 0.")]


@router.get(
    "/v1/jobs/{job_id}/pages/{number}",
    summary="One page of a job",
    operation_id="job_page",
    response_class=Response,
    responses={200: PAGE_RESPONSE},
)
async def page(request: Request, job_id: str, number: Number, document: Index = 0) -> Response:
    """The page as it was read, or why it was not, as JSON."""
    store = service_of(request).backend.store
    job = await store.get(job_id, owner_of(await admit(request, "jobs")))
    row = await _row(store, job, _document(job, document), number)
    return Response(row.content, media_type="application/json")


@router.get(
    "/v1/jobs/{job_id}/pages/{number}/image",
    summary="The picture of a page",
    operation_id="job_page_image",
    response_class=Response,
    responses={200: {"description": "The upright page.", "content": {"image/png": {}}}},
)
async def image(
    request: Request,
    job_id: str,
    number: Number,
    document: Index = 0,
    overlay: Annotated[bool, Query(description="Draw the lines that were read.")] = False,
    max_side_px: Annotated[int, Query(ge=16, le=_MAX_SIDE_PX, description="Length of the longer side.")] = 1600,
) -> Response:
    """PNG of the page: as it was read, upright, with its lines when they are asked for; as it is before that."""
    service = service_of(request)
    principal = await admit(request, "jobs")
    job = await service.backend.store.get(job_id, owner_of(principal))
    found = _document(job, document)
    find = _row if overlay else _known_row
    row = await find(service.backend.store, job, found, number)
    ref = DocumentRef(service.backend.blobs.path(found.sha256), found.sha256, found.name)
    async with service.backend.scheduler.turn(lane_of(request, principal)):
        content = await service.backend.pool.render(
            ref,
            number,
            job.options,
            max_side_px=max_side_px,
            overlay=_told(row, lines=overlay),
        )
    return Response(content, media_type="image/png")


@router.get(
    "/v1/jobs/{job_id}/figures/{figure_id}",
    summary="The picture of a figure",
    operation_id="job_figure",
    response_class=Response,
    responses={200: {"description": "The figure.", "content": {"image/png": {}}}},
)
async def figure(
    request: Request,
    job_id: str,
    figure_id: Annotated[str, Path(max_length=60, description="As in the result; `.png` may follow.")],
    document: Index = 0,
) -> Response:
    """PNG of a figure at the resolution that its page was read at."""
    service = service_of(request)
    principal = await admit(request, "jobs")
    job = await service.backend.store.get(job_id, owner_of(principal))
    found = _document(job, document)
    name = figure_id.removesuffix(".png")
    number = _FIGURE.fullmatch(name)
    if number is None:
        raise PageOutOfRange("there is no such figure: take its id, such as p3-f1, out of the result")
    row = await _row(service.backend.store, job, found, int(number[1]))
    ref = DocumentRef(service.backend.blobs.path(found.sha256), found.sha256, found.name)
    async with service.backend.scheduler.turn(lane_of(request, principal)):
        content = await service.backend.pool.render(
            ref, row.number, job.options, max_side_px=_MAX_SIDE_PX, overlay=row.content, figure=name
        )
    return Response(content, media_type="image/png")


def _document(job: Job, index: int) -> DocumentProgress:
    if index >= len(job.documents):
        raise PageOutOfRange(f"the job has {len(job.documents)} documents: count them from 0")
    return job.documents[index]


def _told(row: PageRow | None, *, lines: bool) -> bytes | None:
    """What turns the picture as the page was turned, with or without the lines to draw."""
    if row is None or row.failed:
        return None
    return (
        row.content
        if lines
        else json.dumps(json.loads(row.content) | {"lines": [], "blocks": [], "tables": []}).encode()
    )


async def _known_row(store: JobStore, job: Job, document: DocumentProgress, number: int) -> PageRow | None:
    async for row in store.pages(job.id, document.index, after=number - 1):
        return row if row.number == number else None
    return None


async def _row(store: JobStore, job: Job, document: DocumentProgress, number: int) -> PageRow:
    row = await _known_row(store, job, document, number)
    if row is not None:
        return row
    opening = await store.opening(job.id, document.index)
    if opening is not None and number not in opening.numbers:
        raise PageOutOfRange(f"page {number} is none of the job's pages")
    raise ResultNotReady(f"page {number} has not been read yet: ask again, or wait with GET /v1/jobs/{{id}}?wait=")
