"""GET /health, for the clients of all services at once: the fields that any of them looks at."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from quire.api.adapters.describing import answer
from quire.api.service import service_of
from quire.errors import QuireError
from quire.release import version
from quire.runtimes.gpu import gpus

router = APIRouter(tags=["compatible"])

_FIELDS: Final[dict[str, Any]] = {
    "status": {"enum": ["healthy", "unhealthy"]},
    "healthy": {"type": "boolean"},
    "model_loaded": {"type": "boolean"},
    "cuda_available": {"type": "boolean"},
    "gpu_name": {"type": ["string", "null"]},
    "services": {"type": "object"},
    "engine": {"type": "string"},
    "version": {"type": "string"},
    "detail": {"type": ["string", "null"], "description": "Why it is not healthy."},
}
HEALTH_RESPONSES: Final[dict[int | str, Any]] = {
    200: answer("Pages can be read.", **_FIELDS),
    503: answer("They cannot, or not yet.", **_FIELDS),
}


@router.get(
    "/health",
    summary="Health, as compatible services tell it",
    operation_id="compatible_health",
    responses=HEALTH_RESPONSES,
)
async def health(request: Request) -> Response:
    """200 when pages can be read. It waits for nothing, and asks for no key."""
    service = service_of(request)
    trouble = await not_ready(request)
    devices = await asyncio.to_thread(gpus)
    told = {
        "status": "healthy" if trouble is None else "unhealthy",
        "healthy": trouble is None,
        "model_loaded": trouble is None,
        "cuda_available": bool(devices),
        "gpu_name": devices[0].name if devices else None,
        "services": {"ocr": {"status": "up" if trouble is None else "down", "message": trouble}},
        "engine": service.settings.engine,
        "version": version(),
        "detail": trouble,
    }
    return JSONResponse(told, 200 if trouble is None else 503)


async def not_ready(request: Request) -> str | None:
    """Why pages cannot be read, or not yet; None when they can."""
    try:
        await service_of(request).backend.require_ready()
    except QuireError as exc:
        return exc.detail
    return None
