"""What a job has read: whole when it has ended, and what there is while it runs."""

from __future__ import annotations

import json
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse

from quire.api.archive import MEDIA_TYPE, zipped
from quire.api.exporting import encoded
from quire.api.job_documents import files_of, joined, parts_of, read_document, rows_of
from quire.api.openapi import PROBLEM_RESPONSES, RESULT_RESPONSE
from quire.api.problems import problem
from quire.api.service import Service, admit, owner_of, service_of
from quire.errors import InvalidOption, ResultNotReady
from quire.exports import EXPORTS, export
from quire.jobs import answers
from quire.jobs.model import Failure, Job
from quire.jobs.scheduler import Lane

router = APIRouter(responses=PROBLEM_RESPONSES)

_STATE: Final = "Quire-Job-State"


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
    if job.finished and (failure := await why_nothing(service, job)):
        return problem(request.state.request_id, failure.code, failure.detail)
    headers = {_STATE: job.state}
    parts = await parts_of(service, job, pages)
    if len(job.documents) > 1 and (found.joins or wanted == "json"):
        return StreamingResponse(joined(service, job, wanted, parts), media_type=found.mime, headers=headers)
    lane = Lane(job.owner, request.state.request_id, interactive=True)
    if len(job.documents) > 1:
        files = zipped(files_of(service, job, lane, wanted, parts))
        return StreamingResponse(files, media_type=MEDIA_TYPE, headers=headers)
    if not parts:
        raise ResultNotReady("the job has not come to this yet: ask again, or wait with GET /v1/jobs/{id}?wait=10")
    rows = rows_of(service, job, parts[0])
    if wanted == "ndjson":
        return StreamingResponse(answers.to_ndjson(parts[0].head, rows), media_type=found.mime, headers=headers)
    document = await read_document(service, job, lane, parts[0])
    return Response(await encoded(service, document, wanted), media_type=found.mime, headers=headers)


async def why_nothing(service: Service, job: Job) -> Failure | None:
    """Why a job that has ended has no result: the first error there is. None where a page was read."""
    if any(document.pages_done > document.pages_failed for document in job.documents):
        return None
    for error in (job.error, *(document.error for document in job.documents)):
        if error is not None:
            return error
    async for row in service.backend.store.pages(job.id, 0):
        failure = json.loads(row.content)
        return Failure(failure["code"], failure["detail"])
    if job.state == "succeeded":
        return Failure(InvalidOption.code, "the job has no pages")
    return Failure("cancelled", "the job was cancelled before a page of it was read: send it again")
