"""Whether the server lives, whether it can read, what it has loaded, and how its results look."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from quire.api.adapters.describing import TEXT, answer, described, several
from quire.api.openapi import PROBLEM_RESPONSE, PROBLEM_RESPONSES
from quire.api.problems import problem
from quire.api.service import admit, service_of
from quire.document import json_schema
from quire.errors import QuireError
from quire.exports import EXPORTS

router = APIRouter()

_BY_NAME: Final = {"type": "object", "additionalProperties": TEXT}
_ENGINE: Final = {
    "name": TEXT,
    "version": TEXT,
    "tasks": {"type": "array", "items": TEXT},
    "languages": {"type": "array", "items": TEXT},
    "runtime": described("Inference library."),
    "models": {**_BY_NAME, "description": "SHA-256 of each network, by its name."},
    "notes": {**_BY_NAME, "description": "What there is to know of a task."},
    "modes": {**_BY_NAME, "description": "Ways of asking a model, and what each is."},
}
_LOADED: Final = {
    "engines": several({"type": "object", "properties": _ENGINE}),
    "formats": several(TEXT),
    "limits": {"type": "object", "description": "Of one document, as in the settings `QUIRE_LIMITS__*`."},
}


@router.get(
    "/healthz",
    summary="The process lives",
    operation_id="health",
    responses={200: answer("It lives.", status={"const": "ok"})},
)
async def health() -> dict[str, str]:
    """Always 200 while the process lives, whatever it is reading."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    summary="The engine is loaded",
    operation_id="ready",
    responses={200: answer("Pages can be read.", status={"const": "ready"}), 503: PROBLEM_RESPONSE},
)
async def ready(request: Request) -> Response:
    """200 when the engine is loaded and warm; until then, when it could not be loaded, or while the model server that
    this one started does not answer, 503 and why."""
    try:
        await service_of(request).backend.require_ready()
    except QuireError as exc:
        return problem(request.state.request_id, exc.code, exc.detail, status=503, headers={"Retry-After": "5"})
    return JSONResponse({"status": "ready"})


@router.get(
    "/v1/engines",
    summary="What is loaded",
    operation_id="engines",
    responses={**PROBLEM_RESPONSES, 200: answer("What there is.", **_LOADED)},
)
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
    response_description="The schema.",
    response_class=_SchemaResponse,
)
async def document_schema() -> Response:
    """JSON Schema (2020-12) of what `format=json` answers."""
    return _SchemaResponse(json_schema())
