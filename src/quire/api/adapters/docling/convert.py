"""Documents converted while the client waits."""

from __future__ import annotations

import time

from fastapi import Request
from fastapi.responses import Response

from quire.api.adapters.docling.answers import answer
from quire.api.adapters.docling.described import CONVERTED, FORM, JSON, TAG
from quire.api.adapters.docling.sources import FILES, SOURCES
from quire.api.adapters.docling.wish import wishes
from quire.api.adapters.shaped import DETAIL, adapter
from quire.api.bodies import BodyShape
from quire.api.reading import visit

router = adapter(TAG, DETAIL)


@router.post(
    "/v1/convert/file",
    summary="Convert files",
    operation_id="docling_file",
    openapi_extra=FORM,
    responses=CONVERTED,
    response_class=Response,
)
async def convert_file(request: Request) -> Response:
    """Files of a form, converted while the client waits."""
    return await _convert(request, FILES)


@router.post(
    "/v1/convert/source",
    summary="Convert documents at addresses, or in base64",
    operation_id="docling_source",
    openapi_extra=JSON,
    responses=CONVERTED,
    response_class=Response,
)
async def convert_source(request: Request) -> Response:
    """Sources of a JSON body, converted while the client waits."""
    return await _convert(request, SOURCES)


async def _convert(request: Request, shape: BodyShape) -> Response:
    started = time.monotonic()
    async with visit(request, "read") as inside:
        upload = await inside.receive(shape, most=inside.service.settings.jobs.max_documents)
        conversion, output = wishes(upload.fields)
        options, timeout_s = conversion.options(), conversion.document_timeout
        found = await inside.read_each(upload.documents, options, timeout_s=timeout_s)
        return await answer(inside.service, found, output, time.monotonic() - started)
