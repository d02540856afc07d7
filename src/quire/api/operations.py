"""What operators look at: metrics, figures, GPUs."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from quire.api.adapters.describing import answer
from quire.api.openapi import PROBLEM_RESPONSES
from quire.api.service import admit, service_of
from quire.runtimes.gpu import gpus

router = APIRouter(responses=PROBLEM_RESPONSES)

_OBJECT: Final = {"type": "object"}
STATS: Final = answer(
    "Figures of this moment.",
    **dict.fromkeys(("requests", "pages", "pool", "cache", "jobs", "documents"), _OBJECT),
)


@router.get(
    "/metrics",
    summary="Metrics for Prometheus",
    operation_id="metrics",
    response_class=PlainTextResponse,
    response_description="Metrics.",
)
async def metrics(request: Request) -> Response:
    """Text in Prometheus's format. Where keys are asked for, one with the scope admin."""
    await admit(request, "admin")
    backend = service_of(request).backend
    await backend.observe()
    return Response(backend.metrics.render(), media_type=backend.metrics.media_type)


@router.get(
    "/v1/stats",
    summary="What the server is doing",
    operation_id="stats",
    responses={200: STATS},
)
async def stats(request: Request) -> dict[str, Any]:
    """Queue, workers, cache, jobs and storage, now."""
    service = service_of(request)
    await admit(request, "admin")
    backend = service.backend
    return {
        "requests": {"inside": service.gate.inside},
        "pages": {"running": backend.scheduler.running, "waiting": backend.scheduler.waiting},
        "pool": asdict(backend.pool.stats()),
        "cache": asdict(backend.cache.stats()),
        "jobs": await backend.store.counts(),
        "documents": {"used_bytes": backend.blobs.used_bytes, "max_bytes": backend.blobs.max_bytes},
    }


@router.get(
    "/v1/gpu",
    summary="The GPUs there are",
    operation_id="gpu",
    responses={200: answer("What NVML tells.", gpus={"type": "array", "items": {"type": "object"}})},
)
async def gpu(request: Request) -> dict[str, Any]:
    """Memory, temperature and utilisation of each; an empty list without one."""
    await admit(request, "admin")
    return {"gpus": [found.to_dict() for found in await asyncio.to_thread(gpus)]}
