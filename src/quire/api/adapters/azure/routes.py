"""Routes of Azure Document Intelligence: a document is analysed as a job, whose id is that of its result."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Final

import msgspec
from fastapi import Path, Query, Request
from fastapi.responses import Response

from quire.api import job_pages
from quire.api.adapters.azure.failing import ERRORS
from quire.api.adapters.azure.result import LAYOUT, analyze_result
from quire.api.adapters.azure.wish import DESCRIBED, SHAPE, Wish
from quire.api.adapters.describing import TEXT, answer
from quire.api.adapters.shaped import adapter, befallen, json_answer
from quire.api.exporting import encoded, translated
from quire.api.job_documents import documents_of
from quire.api.job_requests import JobRequest, cancel_job, make_job, wait_for_end
from quire.api.job_results import why_nothing
from quire.api.leaving import unless_gone
from quire.api.reading import visit
from quire.api.service import admit, owner_of, service_of
from quire.errors import DocumentNotFound, InvalidOption, ResultNotReady
from quire.jobs.model import Job, JobState, timestamp

_MODELS: Final = ("prebuilt-read", LAYOUT)
_POLL_S: Final = "1"
_PATIENCE_S: Final = 1
"""Its clients ask at once, and then only after the time that they are told: a short document has ended by then."""
_STATUS: Final[dict[JobState, str]] = {
    "queued": "notStarted",
    "running": "running",
    "succeeded": "succeeded",
    "partial": "succeeded",
    "failed": "failed",
    "cancelled": "canceled",
}

router = adapter("Azure Document Intelligence", ERRORS)

Model = Annotated[str, Path(json_schema_extra={"enum": [*_MODELS]})]
AskedFor = Annotated[Wish, Query()]
_PATH: Final = "/documentintelligence/documentModels/{model_id}"
_RESULT: Final = _PATH + "/analyzeResults/{result_id}"


@router.post(
    _PATH + ":analyze",
    summary="Analyse a document",
    operation_id="azure_analyze",
    status_code=202,
    openapi_extra=DESCRIBED,
    responses={202: {"description": "It is analysed; the header Operation-Location says where its result will be."}},
    response_class=Response,
)
async def analyze(request: Request, model_id: Model, wish: AskedFor) -> Response:
    """Takes the document, as JSON or as the body itself, and answers at once."""
    async with visit(request, "jobs") as inside:
        _require(model_id)
        options = wish.options()
        upload = await inside.receive(SHAPE)
        if upload.fields:
            raise InvalidOption("the JSON body holds `urlSource` or `base64Source` and nothing else")
        job = await make_job(request, inside.principal, upload.documents, JobRequest(options, "interactive", None))
    place = str(request.base_url) + _RESULT.lstrip("/").format(model_id=model_id, result_id=job.id)
    return Response(status_code=202, headers={"Operation-Location": f"{place}?{wish.query()}", "Retry-After": _POLL_S})


@router.get(
    _RESULT,
    summary="How an analysis stands, and what it found",
    operation_id="azure_result",
    responses={200: answer("How it stands.", status={"enum": sorted({*_STATUS.values()})}, createdDateTime=TEXT)},
    response_class=Response,
)
async def result(request: Request, model_id: Model, result_id: str, wish: AskedFor) -> Response:
    """The whole result once all pages are read. The query is that of Operation-Location."""
    service = service_of(request)
    job = await _job(request, model_id, result_id)
    if not job.finished:
        job = await unless_gone(request, wait_for_end(service, job.id, job.owner, _PATIENCE_S))
    told = {
        "status": _STATUS[job.state],
        "createdDateTime": timestamp(job.created_at),
        "lastUpdatedDateTime": timestamp(job.finished_at or job.started_at or job.created_at),
    }
    if not job.finished:
        return json_answer(told, headers={"Retry-After": _POLL_S})
    if failure := await why_nothing(service, job):
        return json_answer({**told, "status": "failed", **ERRORS.body(befallen(failure))})
    [document] = await documents_of(service, job)
    found = await translated(document, partial(analyze_result, model=model_id, wish=wish))
    return json_answer(told | {"analyzeResult": msgspec.Raw(found)})


@router.get(
    _RESULT + "/pdf",
    summary="The analysed document as a searchable PDF",
    operation_id="azure_pdf",
    responses={200: {"description": "The PDF.", "content": {"application/pdf": {}}}},
    response_class=Response,
)
async def pdf(request: Request, model_id: Model, result_id: str) -> Response:
    """The pages with their text laid over them."""
    job = await _job(request, model_id, result_id)
    service = service_of(request)
    documents = await documents_of(service, job)
    if not job.finished or not documents:
        raise ResultNotReady("the document is not analysed: ask for its result until that has succeeded")
    return Response(await encoded(service, documents[0], "pdf"), media_type="application/pdf")


@router.get(
    _RESULT + "/figures/{figure_id}",
    summary="The picture of a figure",
    operation_id="azure_figure",
    responses={200: {"description": "The figure.", "content": {"image/png": {}}}},
    response_class=Response,
)
async def figure(request: Request, model_id: Model, result_id: str, figure_id: str) -> Response:
    """PNG of a figure; its id is as in the result, such as 1.2 for the second of page 1."""
    await _job(request, model_id, result_id)
    page, _, number = figure_id.partition(".")
    return await job_pages.figure(request, result_id, f"p{page}-f{number}")


@router.delete(
    _RESULT,
    summary="Delete a result",
    operation_id="azure_delete",
    status_code=204,
    responses={204: {"description": "It is gone."}},
)
async def delete(request: Request, model_id: Model, result_id: str) -> Response:
    """Ends the analysis, and removes what it found."""
    job = await _job(request, model_id, result_id)
    service = service_of(request)
    await cancel_job(service, job.id, job.owner)
    await service.backend.store.delete(job.id, job.owner)
    return Response(status_code=204)


def _require(model_id: str) -> None:
    if model_id not in _MODELS:
        raise DocumentNotFound(f"this server has no such model: use {' or '.join(_MODELS)}")


async def _job(request: Request, model_id: str, result_id: str) -> Job:
    principal = await admit(request, "jobs")
    _require(model_id)
    return await service_of(request).backend.store.get(result_id, owner_of(principal))
