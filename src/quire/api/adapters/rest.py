"""The service with thirteen endpoints: documents read while the client waits."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from quire.api.adapters import rest_form
from quire.api.adapters.describing import TEXT, answer, body
from quire.api.adapters.rest_answers import answer_of
from quire.api.adapters.rest_form import RestForm
from quire.api.adapters.shaped import DETAIL, adapter, json_answer
from quire.api.exporting import ReadDocument
from quire.api.intake import Upload
from quire.api.reading import Check, Visit, visit
from quire.api.service import Service
from quire.errors import QuireError, UnsupportedFormat
from quire.jobs.model import timestamp

router = adapter("thirteen endpoints", DETAIL)

_PDF: Final = "application/pdf"
_COUNT: Final = {"type": "integer", "minimum": 0}
_NUMBER: Final = {"type": "number", "minimum": 0}
_TOLD: Final[dict[str, Any]] = {
    "request_id": TEXT,
    "status": {"const": "completed"},
    "timestamp": {"type": "string", "format": "date-time"},
}
_ITEMS: Final = {"type": "array", "items": {"type": "object"}}
DOCUMENT_RESPONSES: Final[dict[int | str, Any]] = {
    200: answer(
        "The document as it was read, or its text.",
        {"name": TEXT, "pages": _ITEMS, "regions": _ITEMS, "text": TEXT},
        **_TOLD,
        processing_time=_NUMBER | {"description": "Milliseconds."},
        total_regions=_COUNT,
        average_confidence={"type": "number", "minimum": 0, "maximum": 1},
        language_detected=TEXT,
        metadata={"type": "object"},
    )
}


async def read_one(inside: Visit, upload: Upload, check: Check | None = None) -> Response:
    """The answer to a request with one document."""
    started = time.monotonic()
    form = RestForm.of((*inside.request.query_params.multi_items(), *upload.fields))
    found = await inside.read(upload.documents[0], form.options(), check=check)
    read = await answer_of(inside.service, found, form.output)
    return json_answer(read.fields | _told(inside.request) | {"processing_time": _ms_since(started)})


@router.post(
    "/api/v1/ocr/image",
    summary="Read an image",
    operation_id="rest_image",
    openapi_extra=body(form=rest_form.FIELDS, required=("file",)),
    responses=DOCUMENT_RESPONSES,
    response_class=Response,
)
async def image(request: Request) -> Response:
    """The image as it was read. PDFs go to /api/v1/ocr/pdf."""
    async with visit(request, "read") as inside:
        return await read_one(inside, await inside.receive(rest_form.FILES), _is_image)


@router.post(
    "/api/v1/ocr/pdf",
    summary="Read a PDF, or some of its pages",
    operation_id="rest_pdf",
    openapi_extra=body(form=rest_form.FIELDS, required=("file",)),
    responses=DOCUMENT_RESPONSES,
    response_class=Response,
)
async def pdf(request: Request) -> Response:
    """The PDF as it was read. Images go to /api/v1/ocr/image."""
    async with visit(request, "read") as inside:
        return await read_one(inside, await inside.receive(rest_form.FILES), _is_pdf)


@router.post(
    "/api/v1/ocr/url",
    summary="Read a document at an address",
    operation_id="rest_url",
    openapi_extra=body(json=rest_form.URL_FIELDS, required=("url",)),
    responses=DOCUMENT_RESPONSES,
    response_class=Response,
)
async def url(request: Request) -> Response:
    """The document at `url` as it was read."""
    async with visit(request, "read") as inside:
        return await read_one(inside, await inside.receive(rest_form.URL))


@router.post(
    "/api/v1/ocr/process-batch",
    summary="Read several documents",
    operation_id="rest_batch",
    openapi_extra=body(form=rest_form.BATCH_FIELDS, required=("files",)),
    responses={
        200: answer(
            "Each document, or why it was not read, in the order in which they came.",
            **_TOLD,
            results=_ITEMS,
            total=_COUNT,
            total_images=_COUNT,
            successful=_COUNT,
            failed=_COUNT,
            processing_time=_NUMBER | {"description": "Seconds."},
            total_processing_time=_NUMBER | {"description": "Milliseconds."},
        )
    },
    response_class=Response,
)
async def batch(request: Request) -> Response:
    """All documents, read side by side. What befalls one does not concern the others."""
    started = time.monotonic()
    async with visit(request, "read") as inside:
        upload = await inside.receive(rest_form.BATCH, most=inside.service.settings.jobs.max_documents)
        form = RestForm.of((*request.query_params.multi_items(), *upload.fields))
        found = await inside.read_each(upload.documents, form.options())
        names = [incoming.name for incoming in upload.documents]
        results = [await _entry(inside.service, name, one, form) for name, one in zip(names, found, strict=True)]
    successful = sum(entry["success"] for entry in results)
    took_ms = _ms_since(started)
    told = {
        "results": results,
        "total": len(results),
        "total_images": len(results),
        "successful": successful,
        "failed": len(results) - successful,
        "processing_time": round(took_ms / 1000, 4),
        "total_processing_time": took_ms,
    }
    return json_answer(told | _told(request))


async def _entry(
    service: Service, name: str | None, found: ReadDocument | QuireError, form: RestForm
) -> dict[str, Any]:
    told = {"filename": name, "file_name": name}
    if isinstance(found, QuireError):
        return told | {"success": False, "status": "failed", "error": found.detail, "code": found.code}
    read = await answer_of(service, found, form.output)
    return told | {
        "success": True,
        "status": "completed",
        "pages": read.pages,
        "text": read.text,
        "confidence": read.confidence,
        "result": read.fields,
    }


def _told(request: Request) -> dict[str, Any]:
    return {"request_id": request.state.request_id, "status": "completed", "timestamp": timestamp(time.time())}


def _ms_since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 1)


def _is_pdf(head: Mapping[str, Any]) -> None:
    if head["mime"] != _PDF:
        raise UnsupportedFormat("this is an image: send it to /api/v1/ocr/image")


def _is_image(head: Mapping[str, Any]) -> None:
    if head["mime"] == _PDF:
        raise UnsupportedFormat("this is a PDF: send it to /api/v1/ocr/pdf")
