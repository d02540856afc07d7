"""The service with thirteen endpoints: documents read while the client waits."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import msgspec
from fastapi import Request
from fastapi.responses import Response

from quire.api.adapters import rest_form
from quire.api.adapters.describing import answer, body
from quire.api.adapters.rest_form import TEXTS, RestForm
from quire.api.adapters.shaped import DETAIL, adapter, json_answer
from quire.api.exporting import ReadDocument, encoded, translated
from quire.api.intake import Upload
from quire.api.reading import Check, Visit, visit
from quire.api.service import Service
from quire.errors import QuireError, UnsupportedFormat
from quire.exports import EXPORTS

router = adapter("thirteen endpoints", DETAIL)

_PDF: Final = "application/pdf"
_STRUCTURE: Final = ("number", "width", "height", "dpi", "rotation", "blocks", "tables", "figures", "markdown")
_ANSWER: Final = answer(
    "The document as it was read.", name={"type": "string"}, pages={"type": "array"}, metadata={"type": "object"}
)
DOCUMENT_RESPONSES: Final[dict[int | str, Any]] = {
    200: _ANSWER | {"content": _ANSWER["content"] | {"text/plain": {"schema": {"type": "string"}}}}
}
_PARTS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_PAGES: Final = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])
_COUNT: Final = {"type": "integer", "minimum": 0}


async def read_one(inside: Visit, upload: Upload, check: Check | None = None) -> Response:
    """The answer to a request with one document."""
    started = time.monotonic()
    form = RestForm.of((*inside.request.query_params.multi_items(), *upload.fields))
    found = await inside.read(upload.documents[0], form.options(), check=check)
    told = {"engine": found.head["engine"], "processing_time": round(time.monotonic() - started, 4)}
    found = replace(found, head={**found.head, "metadata": {**found.head.get("metadata", {}), **told}})
    if form.output == "structured":
        return json_answer(await shown(inside.service, found, form.output))
    # As its bytes are: a page out of the cache is not even parsed.
    return Response(await encoded(inside.service, found, form.output), media_type=EXPORTS[form.output].mime)


async def shown(service: Service, found: ReadDocument, output: str) -> Any:
    """The document in an output format, or as "layout": text is a string, all else JSON."""
    if output in TEXTS:
        return (await encoded(service, found, output)).decode()
    return await translated(found, _structured if output == "structured" else _told)


def _told(content: bytes) -> dict[str, Any]:
    """The document with its engine in its metadata; all else stays JSON as it is."""
    document: dict[str, Any] = _PARTS.decode(content)
    metadata = msgspec.json.decode(document.get("metadata", b"{}"))
    return document | {"metadata": metadata | {"engine": document["engine"]}}


def _structured(content: bytes) -> dict[str, Any]:
    document = _told(content)
    pages = _PAGES.decode(document["pages"])
    return document | {"pages": [{name: page[name] for name in _STRUCTURE} for page in pages]}


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
            results={"type": "array", "items": {"type": "object"}},
            total=_COUNT,
            successful=_COUNT,
            failed=_COUNT,
            processing_time={"type": "number"},
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
    told = {"results": results, "total": len(results), "successful": successful, "failed": len(results) - successful}
    return json_answer(told | {"processing_time": round(time.monotonic() - started, 4)})


async def _entry(
    service: Service, name: str | None, found: ReadDocument | QuireError, form: RestForm
) -> dict[str, Any]:
    if isinstance(found, QuireError):
        return {"filename": name, "success": False, "error": found.detail, "code": found.code}
    return {"filename": name, "success": True, "result": await shown(service, found, form.output)}


def _is_pdf(head: Mapping[str, Any]) -> None:
    if head["mime"] != _PDF:
        raise UnsupportedFormat("this is an image: send it to /api/v1/ocr/image")


def _is_image(head: Mapping[str, Any]) -> None:
    if head["mime"] == _PDF:
        raise UnsupportedFormat("this is a PDF: send it to /api/v1/ocr/pdf")
