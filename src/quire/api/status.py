"""Whether the server lives, whether it can read, what it has loaded, and how its results look."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from quire.api.openapi import PROBLEM_RESPONSE, PROBLEM_RESPONSES
from quire.api.problems import problem
from quire.api.service import admit, service_of
from quire.document import json_schema
from quire.errors import QuireError
from quire.exports import EXPORTS

router = APIRouter()


@router.get("/healthz", summary="The process lives", operation_id="health")
async def health() -> dict[str, str]:
    """Always 200 while the process lives, whatever it is reading."""
    return {"status": "ok"}


@router.get("/readyz", summary="The engine is loaded", operation_id="ready", responses={503: PROBLEM_RESPONSE})
async def ready(request: Request) -> Response:
    """200 when the engine is loaded and warm; until then, when it could not be loaded, or while the model server that
    this one started does not answer, 503 and why."""
    try:
        await service_of(request).backend.require_ready()
    except QuireError as exc:
        return problem(request.state.request_id, exc.code, exc.detail, status=503, headers={"Retry-After": "5"})
    return JSONResponse({"status": "ready"})


@router.get("/v1/engines", summary="What is loaded", operation_id="engines", responses=PROBLEM_RESPONSES)
async def engines(request: Request) -> dict[str, Any]:
    """The engine with its languages, the formats of answers and the limits of one document."""
    service = service_of(request)
    await admit(request, "read")
    engine = await service.backend.reader.ready(0)
    return {
        "engines": [engine.to_dict()],
        "formats": [*EXPORTS],
        "limits": asdict(service.settings.limits),
    }


class _SchemaResponse(JSONResponse):
    media_type = "application/schema+json"


@router.get(
    "/v1/schema/document.json",
    summary="JSON Schema of a document",
    operation_id="document_schema",
    response_class=_SchemaResponse,
)
async def document_schema() -> Response:
    """JSON Schema (2020-12) of what `format=json` answers."""
    return _SchemaResponse(json_schema())
