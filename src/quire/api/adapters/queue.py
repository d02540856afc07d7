"""The queue-style API: a document is sent, its task is asked for until it is done, and the lines have boxes.

Its `POST /api/v1/ocr/process` is also that of the service with thirteen endpoints, `quire.api.adapters.rest`, whose
form names an output format, a language or a strategy: then the answer is the document itself.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from quire.api.adapters import rest
from quire.api.adapters.describing import TEXT, answer, body
from quire.api.adapters.detections import detections
from quire.api.adapters.lean import lean
from quire.api.adapters.rest_form import FIELDS, FILES, RestForm
from quire.api.adapters.shaped import DETAIL, adapter, json_answer
from quire.api.exporting import translated
from quire.api.job_documents import documents_of
from quire.api.job_requests import JobRequest, make_job
from quire.api.job_results import why_nothing
from quire.api.problems import trouble
from quire.api.reading import visit
from quire.api.service import Service, admit, owner_of, service_of
from quire.errors import JobError
from quire.jobs.model import Job, JobState

router = adapter("queue style", DETAIL)

_STATUS: Final[dict[JobState, str]] = {
    "queued": "PENDING",
    "running": "STARTED",
    "succeeded": "SUCCESS",
    "partial": "SUCCESS",
    "failed": "FAILURE",
    "cancelled": "FAILURE",
}
_ASKS_NOW: Final = frozenset({"language", "output_format", "strategy"})
_RESULT: Final = answer(
    "How the task stands.",
    task_id=TEXT,
    status={"enum": sorted({*_STATUS.values()})},
    result={"type": ["object", "null"]},
    pending_tasks={"type": "integer"},
)


@router.post(
    "/api/v1/ocr/process",
    summary="Read a document: as a task, or now",
    operation_id="compatible_process",
    openapi_extra=body(form=FIELDS, required=("file",)),
    responses=rest.DOCUMENT_RESPONSES
    | {202: answer("The task.", task_id=TEXT, status={"const": "pending"}, message=TEXT)},
    response_class=Response,
)
async def process(request: Request) -> Response:
    """A task for the document; with any of `language`, `output_format` and `strategy` in the form, the document."""
    async with visit(request, "read") as inside:
        upload = await inside.receive(FILES)
        if _ASKS_NOW & {name for name, _ in upload.fields}:
            return await rest.read_one(inside, upload)
        inside.principal.require("jobs")
        form = RestForm.of(upload.fields)
        job = await make_job(request, inside.principal, upload.documents, JobRequest(form.options(), "batch", None))
    told = {"task_id": job.id, "status": "pending", "message": "the document waits to be read"}
    return json_answer(told, 202)


@router.get(
    "/api/v1/ocr/results/{task_id}",
    summary="How a task stands, and what it has read",
    operation_id="compatible_task",
    responses={200: _RESULT, 404: _RESULT, 410: _RESULT},
    response_class=Response,
)
async def results(request: Request, task_id: str) -> Response:
    """The lines of all pages once the task is done. A task that is not there has failed, and is 404."""
    service = service_of(request)
    principal = await admit(request, "jobs")
    status = 200
    try:
        job = await service.backend.store.get(task_id, owner_of(principal))
        told = {"status": _STATUS[job.state], "result": await _result(service, job)}
    except JobError as exc:
        found = trouble(request, exc)
        status = found.status
        told = {"status": "FAILURE", "result": {"error": found.detail}, "detail": found.detail}
    return json_answer({"task_id": task_id, "pending_tasks": service.backend.runner.unfinished} | told, status)


async def _result(service: Service, job: Job) -> dict[str, Any] | None:
    if not job.finished:
        return None
    failure = await why_nothing(service, job)
    if failure is not None or _STATUS[job.state] == "FAILURE":
        return {"error": failure.detail if failure else "the task was stopped before its end"}
    [found] = await documents_of(service, job)
    return await translated(found, _read)


def _read(content: bytes) -> dict[str, Any]:
    document = lean(content)
    told = {"detections": detections(document), "errors": document.errors}
    return told | {"metadata": {"engine": document.engine}}
