"""The service with thirteen endpoints: whether it can read, and what operators look at."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from quire.api import operations
from quire.api.adapters.describing import answer
from quire.api.adapters.health import HEALTH_RESPONSES, health
from quire.api.adapters.shaped import DETAIL, adapter, json_answer
from quire.api.service import admit, service_of
from quire.errors import QuireError
from quire.runtimes.gpu import GpuReading, gpus

router = adapter("thirteen endpoints", DETAIL)

_READY: Final = {"ready": {"type": "boolean"}, "status": {"type": "string"}}
_MB: Final = 1024 * 1024

router.add_api_route("/api/v1/health", health, summary="Health", operation_id="rest_health", responses=HEALTH_RESPONSES)
router.add_api_route("/api/v1/stats", operations.stats, summary="What the server is doing", operation_id="rest_stats")
router.add_api_route(
    "/api/v1/metrics",
    operations.metrics,
    summary="Metrics for Prometheus",
    operation_id="rest_metrics",
    response_class=Response,
)


@router.get(
    "/api/v1/ready",
    summary="The engine is loaded",
    operation_id="rest_ready",
    responses={200: answer("Pages can be read.", **_READY), 503: answer("They cannot, or not yet.", **_READY)},
)
async def ready(request: Request) -> Response:
    """200 when pages can be read; until then 503 and why."""
    try:
        await service_of(request).backend.require_ready()
    except QuireError as exc:
        told = {"ready": False, "status": "not ready", "detail": exc.detail}
        return json_answer(told, 503, {"Retry-After": "5"})
    return json_answer({"ready": True, "status": "ready"})


@router.get("/api/v1/gpu/status", summary="The GPUs there are", operation_id="rest_gpu")
async def gpu(request: Request) -> dict[str, Any]:
    """Memory, temperature and utilisation of each; an empty list without one."""
    await admit(request, "admin")
    found = [_device(reading) for reading in await asyncio.to_thread(gpus)]
    return {"available": bool(found), "device_count": len(found), "devices": found}


def _device(reading: GpuReading) -> dict[str, Any]:
    used, total = reading.memory_used_bytes, reading.memory_total_bytes
    return reading.to_dict() | {
        "memory_used_mb": None if used is None else used // _MB,
        "memory_total_mb": None if total is None else total // _MB,
    }
