"""Mistral's files: documents that are uploaded first, and read by their id or a signed URL."""

from __future__ import annotations

import secrets
import time
import uuid
from typing import Annotated, Any, Final

from fastapi import Query, Request
from pydantic import Field

from quire.api.adapters.describing import FILE, TEXT, answer, body, described
from quire.api.adapters.fields import Fields
from quire.api.adapters.mistral.failing import ERRORS, TAG
from quire.api.adapters.shaped import adapter
from quire.api.bodies import BodyShape
from quire.api.form import display_name
from quire.api.reading import visit
from quire.api.service import Service, admit, owner_of, service_of
from quire.jobs.model import KeptFile

router = adapter(TAG, ERRORS)

_SHAPE: Final = BodyShape(frozenset({"file"}))
_FILE: Final = answer("The file.", id=TEXT, object={"const": "file"}, bytes={"type": "integer"}, filename=TEXT)


class FileForm(Fields):
    """Fields of an upload besides the file."""

    purpose: str = Field("ocr", max_length=40)
    expiry: int | None = Field(None, ge=1, le=100_000, description="Hours that it is kept, if the server allows.")


@router.post(
    "/v1/files",
    summary="Upload a document",
    operation_id="mistral_upload",
    openapi_extra=body(form={"file": FILE, "purpose": TEXT, "expiry": described("Hours.")}, required=("file",)),
    responses={200: _FILE},
)
async def upload(request: Request) -> dict[str, Any]:
    """Keeps a document until it is deleted or its time is over."""
    async with visit(request, "read") as inside:
        sent = await inside.receive(_SHAPE)
        form = FileForm.of(sent.fields)
        [document] = sent.documents
        blob = await document.writer.finish()
        now = time.time()
        file = KeptFile(
            id=str(uuid.uuid4()),
            owner=inside.principal.id,
            name=display_name(document.name),
            purpose=form.purpose,
            sha256=blob.sha256,
            size_bytes=blob.size_bytes,
            secret=secrets.token_bytes(32),
            created_at=now,
            expires_at=now + _kept_s(inside.service, form.expiry),
        )
        await inside.service.backend.store.add_file(file)
    return _told(file)


@router.get(
    "/v1/files",
    summary="Uploaded documents",
    operation_id="mistral_files",
    responses={200: answer("Some of them, the newest first.", data={"type": "array"}, total={"type": "integer"})},
)
async def files(
    request: Request,
    page: Annotated[int, Query(ge=0, le=10**6)] = 0,
    page_size: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """Those of whoever asks."""
    principal = await admit(request, "read")
    store = service_of(request).backend.store
    found, total = await store.files(owner_of(principal), limit=page_size, offset=page * page_size)
    return {"object": "list", "data": [_told(file) for file in found], "total": total}


@router.get("/v1/files/{file_id}", summary="One of them", operation_id="mistral_file", responses={200: _FILE})
async def file(request: Request, file_id: str) -> dict[str, Any]:
    """What is known of it."""
    return _told(await owned(request, file_id)) | {"deleted": False}


@router.delete(
    "/v1/files/{file_id}",
    summary="Delete one",
    operation_id="mistral_delete",
    responses={200: answer("It is gone.", id=TEXT, object=TEXT, deleted={"type": "boolean"})},
)
async def delete(request: Request, file_id: str) -> dict[str, Any]:
    """Removes it, and with it what signed URLs lead to."""
    principal = await admit(request, "read")
    await service_of(request).backend.store.delete_file(file_id, owner_of(principal))
    return {"id": file_id, "object": "file", "deleted": True}


async def owned(request: Request, file_id: str) -> KeptFile:
    """A file of whoever asks.

    Raises:
        DocumentNotFound: they have no such file.
    """
    principal = await admit(request, "read")
    return await service_of(request).backend.store.file(file_id, owner_of(principal))


def _kept_s(service: Service, hours: int | None) -> float:
    """As long as results are kept, unless a time is asked for; never longer than results may be kept."""
    jobs = service.settings.jobs
    return jobs.ttl_s if hours is None else min(hours * 3600, jobs.max_ttl_s)


def _told(file: KeptFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "object": "file",
        "bytes": file.size_bytes,
        "created_at": int(file.created_at),
        "expires_at": int(file.expires_at),
        "filename": file.name,
        "purpose": file.purpose,
        "sample_type": "ocr_input",
        "source": "upload",
        "num_lines": None,
        "mimetype": None,
        "signature": file.sha256,
    }
