"""Signed URLs of uploaded documents, and what they lead to."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import FileResponse, Response

from quire.api.adapters.describing import answer
from quire.api.adapters.mistral.failing import ERRORS, TAG
from quire.api.adapters.mistral.files import owned
from quire.api.adapters.mistral.signing import Signed, signed_url
from quire.api.adapters.shaped import adapter
from quire.api.service import service_of

router = adapter(TAG, ERRORS)

_MAX_HOURS: Final = 168


@router.get(
    "/v1/files/{file_id}/url",
    summary="A signed URL of one",
    operation_id="mistral_url",
    responses={200: answer("The URL.", url={"type": "string", "format": "uri"})},
)
async def url(
    request: Request,
    file_id: str,
    expiry: Annotated[int, Query(ge=1, le=_MAX_HOURS, description="Hours until it is no longer valid.")] = 24,
) -> dict[str, str]:
    """An address at this server, which /v1/ocr takes from whoever uploaded the file, and everyone can download."""
    return {"url": signed_url(str(request.base_url), await owned(request, file_id), expiry)}


@router.get(
    "/v1/files/{file_id}/content",
    summary="Download one",
    operation_id="mistral_content",
    responses={200: {"description": "The file.", "content": {"application/octet-stream": {}}}},
    response_class=Response,
)
async def content(request: Request, file_id: str) -> Response:
    """With a signed URL for everyone, else for whoever uploaded it."""
    service = service_of(request)
    claims = Signed.of(str(request.url))
    if claims is None:
        found = await owned(request, file_id)
    else:
        found = await service.backend.store.file(file_id)
        claims.require(found)
    return FileResponse(
        service.backend.blobs.path(found.sha256), media_type="application/octet-stream", filename=found.name
    )
