"""Errors as RFC 9457 problem details. Statuses of our own errors come from `quire.error_table` alone."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from quire.error_table import edge
from quire.errors import EngineStartError, Overloaded, QuireError

MEDIA_TYPE: Final = "application/problem+json"
_CLIENT_CLOSED_REQUEST: Final = 499
_LOADING_RETRY_S: Final = 5

SCHEMA: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "An error as RFC 9457 describes it, with a stable code and the request's id.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "A URI of the kind of problem: urn:quire:error:{code}."},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What is wrong and what to do about it."},
        "code": {"type": "string", "description": "Stable, machine-readable."},
        "request_id": {"type": "string", "description": "The same as in the header X-Request-ID."},
    },
}


def problem(
    request_id: str,
    code: str,
    detail: str,
    *,
    status: int | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """A problem response.

    Args:
        status: of the response; what the error table says of `code` when absent.
    """
    status = status or edge(code).http_status
    body = {
        "type": f"urn:quire:error:{code}",
        "title": _title(status),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    return JSONResponse(body, status, headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answers every error of our own, and the router's, with a problem."""
    app.add_exception_handler(QuireError, _quire_error)
    app.add_exception_handler(HTTPException, _http_error)


async def _quire_error(request: Request, exc: Exception) -> JSONResponse:
    error = exc if isinstance(exc, QuireError) else QuireError("")
    return problem(request.state.request_id, error.code, error.detail, headers=_retry_after(request, error))


async def _http_error(request: Request, exc: Exception) -> JSONResponse:
    error = exc if isinstance(exc, HTTPException) else HTTPException(500)
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    detail = f"{request.method} is not served at this path: /openapi.json lists what is"
    headers = dict(error.headers or {})
    return problem(request.state.request_id, code, detail, status=error.status_code, headers=headers)


def _retry_after(request: Request, error: QuireError) -> dict[str, str]:
    if isinstance(error, Overloaded):
        return {"Retry-After": str(request.app.state.service.gate.retry_after_s)}
    if isinstance(error, EngineStartError):
        return {"Retry-After": str(_LOADING_RETRY_S)}
    return {}


def _title(status: int) -> str:
    return "Client Closed Request" if status == _CLIENT_CLOSED_REQUEST else HTTPStatus(status).phrase
