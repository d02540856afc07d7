"""The service with thirteen endpoints: whether it can read, and what operators look at."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response

from quire.api import operations
from quire.api.adapters.describing import answer
from quire.api.adapters.health import HEALTH_RESPONSES, health, not_ready
from quire.api.adapters.shaped import DETAIL, adapter, json_answer
from quire.api.service import admit
from quire.runtimes.gpu import GpuReading, gpus

router = adapter("thirteen endpoints", DETAIL)

_READY: Final[dict[str, Any]] = {"ready": {"type": "boolean"}, "status": {"type": "string"}}
_GPUS: Final[dict[str, Any]] = {
    "available": {"type": "boolean"},
    "device_count": {"type": "integer"},
    "devices": {"type": "array", "items": {"type": "object"}},
}
_MB: Final = 1024 * 1024

router.add_api_route("/api/v1/health", health, summary="Health", operation_id="rest_health", responses=HEALTH_RESPONSES)
router.add_api_route(
    "/api/v1/stats",
    operations.stats,
    summary="What the server is doing",
    operation_id="rest_stats",
    responses={200: operations.STATS},
)
router.add_api_route(
    "/api/v1/metrics",
    operations.metrics,
    summary="Metrics for Prometheus",
    operation_id="rest_metrics",
    response_class=PlainTextResponse,
    response_description="Metrics.",
)


@router.get(
    "/api/v1/ready",
    summary="The engine is loaded",
    operation_id="rest_ready",
    responses={200: answer("Pages can be read.", **_READY), 503: answer("They cannot, or not yet.", **_READY)},
)
async def ready(request: Request) -> Response:
    """200 when pages can be read; until then 503 and why."""
    why_not = await not_ready(request)
    told = {
        "ready": why_not is None,
        "status": "ready" if why_not is None else "not ready",
        "models_loaded": why_not is None,
        "gpu_available": bool(await asyncio.to_thread(gpus)),
        "message": why_not or "pages can be read",
        "detail": why_not,
    }
    return json_answer(told) if why_not is None else json_answer(told, 503, {"Retry-After": "5"})


@router.get(
    "/api/v1/gpu/status",
    summary="The GPUs there are",
    operation_id="rest_gpu",
    responses={200: answer("What NVML tells.", **_GPUS)},
)
async def gpu(request: Request) -> dict[str, Any]:
    """Memory, temperature and utilisation of each; an empty list without one."""
    await admit(request, "admin")
    found = [_device(reading) for reading in await asyncio.to_thread(gpus)]
    return {"available": bool(found), "device_count": len(found), "devices": found} | _first(found)


def _first(devices: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The first GPU at the top, where clients that know of one only look."""
    device = devices[0] if devices else {}
    used, total = device.get("memory_used_mb"), device.get("memory_total_mb")
    free = None if used is None or total is None else total - used
    return {
        "device_id": device.get("device_id"),
        "device_name": device.get("device_name", "No GPU"),
        "memory": {"total_mb": total, "used_mb": used, "free_mb": free},
        "utilization": {"compute_percent": device.get("utilization_percent")},
        "temperature_celsius": device.get("temperature_celsius"),
    }


def _device(reading: GpuReading) -> dict[str, Any]:
    """The GPU in the service's names and units, besides our own."""
    used, total = reading.memory_used_bytes, reading.memory_total_bytes
    return reading.to_dict() | {
        "device_id": reading.index,
        "device_name": reading.name,
        "temperature_celsius": reading.temperature_c,
        "utilization_percent": reading.utilisation_percent,
        "memory_used_mb": None if used is None else used // _MB,
        "memory_total_mb": None if total is None else total // _MB,
    }
