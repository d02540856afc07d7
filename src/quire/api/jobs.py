"""/v1/jobs: documents that are read while nobody waits."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from quire.api.form import parse_job
from quire.api.job_requests import JobRequest, accepted, cancel_job, describe_job, make_job, wait_for_end
from quire.api.leaving import unless_gone
from quire.api.openapi import JOB_OPERATION, JOB_RESPONSE, PROBLEM_RESPONSES
from quire.api.reading import visit
from quire.api.service import admit, check_engine, owner_of, service_of

router = APIRouter(responses=PROBLEM_RESPONSES)

_MAX_WAIT_S = 60


@router.post(
    "/v1/jobs",
    summary="Make a job of one or many documents",
    operation_id="create_job",
    status_code=202,
    openapi_extra=JOB_OPERATION,
    responses={202: JOB_RESPONSE},
    response_class=Response,
)
async def create(request: Request) -> Response:
    """Takes the documents and answers at once; they are read in the background, and survive a restart.

    A second request with the same `Idempotency-Key` is answered with the first one's job.
    """
    async with visit(request, "jobs") as inside:
        upload = await inside.receive(most=inside.service.settings.jobs.max_documents)
        form = parse_job((*request.query_params.multi_items(), *upload.fields))
        check_engine(inside.service, form)
        job = await make_job(request, inside.principal, upload.documents, JobRequest.of_job(form))
        return accepted(inside.service, job)


@router.get("/v1/jobs/{job_id}", summary="How a job stands", operation_id="get_job", responses={200: JOB_RESPONSE})
async def get(
    request: Request,
    job_id: str,
    wait: Annotated[float, Query(ge=0, le=_MAX_WAIT_S, description="Seconds to wait for its end.")] = 0,
) -> dict[str, Any]:
    """State, pages done of total, position in the queue, estimated seconds left."""
    service = service_of(request)
    principal = await admit(request, "jobs")
    job = await unless_gone(request, wait_for_end(service, job_id, owner_of(principal), wait))
    return describe_job(service, job)


@router.delete(
    "/v1/jobs/{job_id}",
    summary="Cancel a job, or delete one that has ended",
    operation_id="delete_job",
    responses={200: JOB_RESPONSE, 204: {"description": "It had ended, and is deleted with its documents' pages."}},
)
async def delete(request: Request, job_id: str) -> Response:
    """A job that has not ended is cancelled within a page, and keeps what was read; one that has ended is deleted."""
    service = service_of(request)
    principal = await admit(request, "jobs")
    owner = owner_of(principal)
    store = service.backend.store
    if (await store.get(job_id, owner)).finished:
        await store.delete(job_id, owner)
        return Response(status_code=204)
    return JSONResponse(describe_job(service, await cancel_job(service, job_id, owner)))
