"""Routes of docling-serve."""

from __future__ import annotations

import time
from typing import Annotated, Any, Final

from fastapi import Query, Request
from fastapi.responses import Response

from quire.api.adapters.describing import TEXT, body
from quire.api.adapters.describing import answer as described_answer
from quire.api.adapters.docling.answers import answer
from quire.api.adapters.docling.wish import FILES, FORM_FIELDS, JSON_FIELDS, SOURCES, Output, wishes
from quire.api.adapters.shaped import DETAIL, adapter
from quire.api.archive import MEDIA_TYPE
from quire.api.bodies import BodyShape
from quire.api.job_documents import documents_of
from quire.api.job_requests import JobRequest, make_job, wait_for_end
from quire.api.job_results import why_nothing
from quire.api.leaving import unless_gone
from quire.api.reading import visit
from quire.api.service import Service, admit, owner_of, service_of
from quire.errors import JobNotFound
from quire.jobs.model import Job, JobState

router = adapter("docling-serve", DETAIL)

_MAX_WAIT_S: Final = 600
_STATUS: Final[dict[JobState, str]] = {
    "queued": "pending",
    "running": "started",
    "succeeded": "success",
    "partial": "success",
    "failed": "failure",
    "cancelled": "failure",
}
_ANSWER: Final = described_answer(
    "The document; several as an archive.",
    document={"type": "object"},
    status={"enum": ["success", "partial_success"]},
    errors={"type": "array"},
    processing_time={"type": "number"},
)
_CONVERTED: Final[dict[int | str, Any]] = {200: _ANSWER | {"content": _ANSWER["content"] | {MEDIA_TYPE: {}}}}
_TASK: Final[dict[int | str, Any]] = {
    200: described_answer("The task.", task_id=TEXT, task_type=TEXT, task_status={"enum": sorted({*_STATUS.values()})})
}
_FORM: Final = body(form=FORM_FIELDS, required=("files",))
_JSON: Final = body(json=JSON_FIELDS, required=("sources",))


@router.post(
    "/v1/convert/file",
    summary="Convert files",
    operation_id="docling_file",
    openapi_extra=_FORM,
    responses=_CONVERTED,
    response_class=Response,
)
async def convert_file(request: Request) -> Response:
    """Files of a form, converted while the client waits."""
    return await _convert(request, FILES)


@router.post(
    "/v1/convert/source",
    summary="Convert documents at addresses, or in base64",
    operation_id="docling_source",
    openapi_extra=_JSON,
    responses=_CONVERTED,
    response_class=Response,
)
async def convert_source(request: Request) -> Response:
    """Sources of a JSON body, converted while the client waits."""
    return await _convert(request, SOURCES)


@router.post(
    "/v1/convert/file/async",
    summary="Convert files as a task",
    operation_id="docling_file_async",
    openapi_extra=_FORM,
    responses=_TASK,
)
async def submit_file(request: Request) -> dict[str, Any]:
    """As /v1/convert/file, while nobody waits."""
    return await _submit(request, FILES)


@router.post(
    "/v1/convert/source/async",
    summary="Convert documents at addresses, or in base64, as a task",
    operation_id="docling_source_async",
    openapi_extra=_JSON,
    responses=_TASK,
)
async def submit_source(request: Request) -> dict[str, Any]:
    """As /v1/convert/source, while nobody waits."""
    return await _submit(request, SOURCES)


@router.get("/v1/status/poll/{task_id}", summary="How a task stands", operation_id="docling_poll", responses=_TASK)
async def poll(
    request: Request,
    task_id: str,
    wait: Annotated[float, Query(ge=0, le=_MAX_WAIT_S, description="Seconds to wait for its end.")] = 0,
) -> dict[str, Any]:
    """Its status, and its place among those that wait."""
    service = service_of(request)
    job_id, output = Output.of_id(task_id)
    owner = owner_of(await admit(request, "jobs"))
    job = await unless_gone(request, wait_for_end(service, job_id, owner, wait))
    return _told(service, job, output)


@router.get(
    "/v1/result/{task_id}",
    summary="What a task has converted",
    operation_id="docling_result",
    responses=_CONVERTED,
    response_class=Response,
)
async def result(request: Request, task_id: str) -> Response:
    """As /v1/convert/file answers. A task that has not ended has no result: 404."""
    service = service_of(request)
    job_id, output = Output.of_id(task_id)
    job = await service.backend.store.get(job_id, owner_of(await admit(request, "jobs")))
    if not job.finished:
        raise JobNotFound("the task has not ended: poll its status until it has")
    if failure := await why_nothing(service, job):
        return DETAIL.report(failure)
    seconds = (job.finished_at or 0) - (job.started_at or job.finished_at or 0)
    return await answer(service, await documents_of(service, job), output, seconds)


async def _convert(request: Request, shape: BodyShape) -> Response:
    started = time.monotonic()
    async with visit(request, "read") as inside:
        upload = await inside.receive(shape, most=inside.service.settings.jobs.max_documents)
        conversion, output = wishes(upload.fields)
        options, timeout_s = conversion.options(), conversion.document_timeout
        found = await inside.read_each(upload.documents, options, timeout_s=timeout_s)
        return await answer(inside.service, found, output, time.monotonic() - started)


async def _submit(request: Request, shape: BodyShape) -> dict[str, Any]:
    async with visit(request, "jobs") as inside:
        upload = await inside.receive(shape, most=inside.service.settings.jobs.max_documents)
        conversion, output = wishes(upload.fields)
        wish = JobRequest(conversion.options(), "batch", None, timeout_s=conversion.document_timeout)
        return _told(inside.service, await make_job(request, inside.principal, upload.documents, wish), output)


def _told(service: Service, job: Job, output: Output) -> dict[str, Any]:
    return {
        "task_id": output.to_id(job.id),
        "task_type": "convert",
        "task_status": _STATUS[job.state],
        "task_position": None if job.finished else service.backend.runner.queue_position(job.id),
        "task_meta": None,
    }
