"""The service with thirteen endpoints: documents read while nobody waits."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Query, Request
from fastapi.responses import Response

from quire.api.adapters import rest_form
from quire.api.adapters.describing import TEXT, answer, body
from quire.api.adapters.rest_answers import answer_of
from quire.api.adapters.rest_form import TEXTS, OutputFormat, RestForm
from quire.api.adapters.shaped import DETAIL, adapter, json_answer
from quire.api.job_documents import documents_of
from quire.api.job_requests import JobRequest, make_job
from quire.api.job_results import why_nothing
from quire.api.reading import visit
from quire.api.service import admit, owner_of, service_of
from quire.jobs.model import Job, JobState, timestamp

router = adapter("thirteen endpoints", DETAIL)

_STATUS: Final[dict[JobState, str]] = {
    "queued": "pending",
    "running": "processing",
    "succeeded": "completed",
    "partial": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
}
_KINDS: Final = {"enum": sorted({*_STATUS.values()})}


@router.post(
    "/api/v1/jobs/submit",
    summary="Make a job of one or many documents",
    operation_id="rest_submit",
    status_code=202,
    openapi_extra=body(form=rest_form.SUBMIT_FIELDS, required=()),
    responses={202: answer("The job.", job_id=TEXT, status=_KINDS, message=TEXT, created_at=TEXT)},
    response_class=Response,
)
async def submit(request: Request) -> Response:
    """Takes the documents, as `file` or `files`, or what is at `image_url`, and answers at once."""
    async with visit(request, "jobs") as inside:
        upload = await inside.receive(rest_form.SUBMITTED, most=inside.service.settings.jobs.max_documents)
        form = RestForm.of((*request.query_params.multi_items(), *upload.fields))
        wish = JobRequest(form.options(), "batch", form.output if form.output in TEXTS else "json")
        job = await make_job(request, inside.principal, upload.documents, wish)
    told = {
        "message": "the documents wait to be read",
        "created_at": timestamp(job.created_at),
        "status_url": f"/api/v1/jobs/{job.id}/status",
        "result_url": f"/api/v1/jobs/{job.id}/result",
    }
    return json_answer(_brief(job) | told, 202)


@router.get(
    "/api/v1/jobs/{job_id}/status",
    summary="How a job stands",
    operation_id="rest_job",
    responses={200: answer("How the job stands.", job_id=TEXT, status=_KINDS, progress={"type": "number"})},
    response_class=Response,
)
async def status(request: Request, job_id: str) -> Response:
    """State, and progress in percent of the pages."""
    job = await _job(request, job_id)
    failure = await why_nothing(service_of(request), job) if job.finished else None
    told = {
        "progress": _progress(job),
        "pages_total": job.pages_total,
        "pages_done": job.pages_done,
        "created_at": timestamp(job.created_at),
        "started_at": timestamp(job.started_at),
        "completed_at": timestamp(job.finished_at),
        "error": failure and failure.detail,
    }
    return json_answer(_brief(job) | told)


@router.get(
    "/api/v1/jobs/{job_id}/result",
    summary="What a job has read",
    operation_id="rest_result",
    responses={
        200: answer("The documents.", job_id=TEXT, status=_KINDS, result={}),
        202: answer("It has not ended.", job_id=TEXT, status=_KINDS),
    },
    response_class=Response,
)
async def result(
    request: Request,
    job_id: str,
    output_format: Annotated[OutputFormat | None, Query(description="As of the job when absent.")] = None,
) -> Response:
    """The document, or a list of those that were read where the job has several; 202 while it has not ended."""
    service = service_of(request)
    job = await _job(request, job_id)
    if not job.finished:
        return json_answer(_brief(job), 202, {"Retry-After": "2"})
    if failure := await why_nothing(service, job):
        return DETAIL.report(failure)
    output = output_format or (job.format if job.format in TEXTS else "json")
    found = await documents_of(service, job)
    documents = [(await answer_of(service, document, output)).fields for document in found]
    alone = documents[0] if len(job.documents) == 1 else None
    told = {
        # Clients of the service look for the parts of one document at the top.
        **(alone or {}),
        "result": alone or documents,
        "errors": [{"filename": part.name, "error": part.error.detail} for part in job.documents if part.error],
        "metadata": {"engine": found[0].head["engine"]},
    }
    return json_answer(told | _brief(job))


async def _job(request: Request, job_id: str) -> Job:
    principal = await admit(request, "jobs")
    return await service_of(request).backend.store.get(job_id, owner_of(principal))


def _brief(job: Job) -> dict[str, Any]:
    return {"job_id": job.id, "status": _STATUS[job.state]}


def _progress(job: Job) -> float:
    """Percent."""
    if job.finished:
        return 100.0
    return round(100 * job.pages_done / job.pages_total, 1) if job.pages_total else 0.0
