"""Documents converted as tasks: a job each, asked about until it has ended."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Query, Request
from fastapi.responses import Response

from quire.api.adapters.docling.answers import answer
from quire.api.adapters.docling.described import CONVERTED, FORM, JSON, TAG, TASK
from quire.api.adapters.docling.sources import FILES, SOURCES
from quire.api.adapters.docling.wish import Output, wishes
from quire.api.adapters.shaped import DETAIL, adapter
from quire.api.bodies import BodyShape
from quire.api.job_documents import documents_of
from quire.api.job_requests import JobRequest, make_job, wait_for_end
from quire.api.job_results import why_nothing
from quire.api.leaving import unless_gone
from quire.api.reading import visit
from quire.api.service import Service, admit, owner_of, service_of
from quire.errors import JobNotFound
from quire.jobs.model import Failure, Job, JobState

router = adapter(TAG, DETAIL)

_MAX_WAIT_S: Final = 600
_STATUS: Final[dict[JobState, str]] = {
    "queued": "pending",
    "running": "started",
    "succeeded": "success",
    "partial": "success",
    "failed": "failure",
    "cancelled": "failure",
}
# docling's own client tells one 404 from the other by these words.
_NO_TASK: Final = "Task not found."
_NO_RESULT: Final = "Task result not found. Please wait for a completion status."


@router.post(
    "/v1/convert/file/async",
    summary="Convert files as a task",
    operation_id="docling_file_async",
    openapi_extra=FORM,
    responses=TASK,
)
async def submit_file(request: Request) -> dict[str, Any]:
    """As /v1/convert/file, while nobody waits."""
    return await _submit(request, FILES)


@router.post(
    "/v1/convert/source/async",
    summary="Convert documents at addresses, or in base64, as a task",
    operation_id="docling_source_async",
    openapi_extra=JSON,
    responses=TASK,
)
async def submit_source(request: Request) -> dict[str, Any]:
    """As /v1/convert/source, while nobody waits."""
    return await _submit(request, SOURCES)


@router.get("/v1/status/poll/{task_id}", summary="How a task stands", operation_id="docling_poll", responses=TASK)
async def poll(
    request: Request,
    task_id: str,
    wait: Annotated[float, Query(ge=0, le=_MAX_WAIT_S, description="Seconds to wait for its end.")] = 0,
) -> dict[str, Any]:
    """Its status, and its place among those that wait."""
    service = service_of(request)
    job, output = await _task(request, task_id, wait)
    return _told(service, job, output, await why_nothing(service, job) if job.finished else None)


@router.get(
    "/v1/result/{task_id}",
    summary="What a task has converted",
    operation_id="docling_result",
    responses=CONVERTED,
    response_class=Response,
)
async def result(request: Request, task_id: str) -> Response:
    """As /v1/convert/file answers. A task that has not ended has no result: 404."""
    service = service_of(request)
    job, output = await _task(request, task_id)
    if not job.finished:
        raise JobNotFound(_NO_RESULT)
    if failure := await why_nothing(service, job):
        return DETAIL.report(failure)
    seconds = (job.finished_at or 0) - (job.started_at or job.finished_at or 0)
    return await answer(service, await documents_of(service, job), output, seconds)


async def _submit(request: Request, shape: BodyShape) -> dict[str, Any]:
    async with visit(request, "jobs") as inside:
        upload = await inside.receive(shape, most=inside.service.settings.jobs.max_documents)
        conversion, output = wishes(upload.fields)
        wish = JobRequest(conversion.options(), "batch", None, timeout_s=conversion.document_timeout)
        return _told(inside.service, await make_job(request, inside.principal, upload.documents, wish), output, None)


async def _task(request: Request, task_id: str, wait_s: float = 0) -> tuple[Job, Output]:
    """The job of a task when it has ended, or as it stands after so many seconds, and how its answer shall look."""
    owner = owner_of(await admit(request, "jobs"))
    try:
        job_id, output = Output.of_id(task_id)
        return await unless_gone(request, wait_for_end(service_of(request), job_id, owner, wait_s)), output
    except JobNotFound as exc:
        raise JobNotFound(_NO_TASK) from exc


def _told(service: Service, job: Job, output: Output, failure: Failure | None) -> dict[str, Any]:
    return {
        "task_id": output.to_id(job.id),
        "task_type": "convert",
        "task_status": _STATUS[job.state],
        "task_position": None if job.finished else service.backend.runner.queue_position(job.id),
        "task_meta": None,
        "error_message": failure and failure.detail,
    }
