"""Whether documents can be converted, and which release does it."""

from __future__ import annotations

from fastapi import Request

from quire.api.adapters.docling.described import STATE, TAG
from quire.api.adapters.shaped import DETAIL, adapter
from quire.api.service import service_of
from quire.release import version

router = adapter(TAG, DETAIL)


@router.get("/ready", summary="Documents can be converted", operation_id="docling_ready", responses=STATE)
async def ready(request: Request) -> dict[str, str]:
    """200 when the engine is loaded; it asks for no key."""
    await service_of(request).backend.require_ready()
    return {"status": "ok"}


@router.get(
    "/version", summary="Which release this is", operation_id="docling_version", response_description="The release."
)
async def release() -> dict[str, str]:
    """By the name of what has it."""
    return {"quire": version()}
