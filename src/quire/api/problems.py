"""Errors as RFC 9457 problem details. Statuses of our own errors come from `quire.error_table` alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from quire.error_table import edge
from quire.errors import EngineStartError, InvalidOption, Overloaded, QuireError, Unauthenticated
from quire.metrics import Dropped, Metrics

_log = structlog.get_logger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
_CLIENT_CLOSED_REQUEST: Final = 499
_LOADING_RETRY_S: Final = 5

_DROPPED: Final[dict[str, Dropped]] = {
    "overloaded": "overloaded",
    "rate_limited": "rate_limited",
    "quota_exceeded": "quota_exceeded",
    "deadline_passed": "deadline",
    "cancelled": "disconnected",
}
"""Errors that mean that work was refused or given up, as the metrics count them."""

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


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error as the edge shows it, before it takes the shape that a client expects.

    Attributes:
        headers: of the answer.
    """

    status: int
    code: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)


def trouble(request: Request, exc: Exception) -> Trouble:
    """What to answer to an exception; refused and abandoned work is counted. One that nobody foresaw is logged."""
    if isinstance(exc, QuireError):
        if exc.code in _DROPPED:
            metrics: Metrics = request.app.state.service.backend.metrics
            metrics.dropped(_DROPPED[exc.code])
        return Trouble(edge(exc.code).http_status, exc.code, exc.detail, _headers(request, exc))
    if isinstance(exc, HTTPException):
        return _http_trouble(request, exc)
    if isinstance(exc, RequestValidationError):
        found = (f"parameter '{error['loc'][-1]}': {error['msg'].lower()}" for error in exc.errors())
        return Trouble(edge(InvalidOption.code).http_status, InvalidOption.code, "; ".join(found))
    _log.error("request failed", exc_info=exc)
    return Trouble(500, QuireError.code, "the server failed: its log says why under this request's X-Request-ID")


def problem(
    request_id: str,
    code: str,
    detail: str,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
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
    for kind in (QuireError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _answer)


async def _answer(request: Request, exc: Exception) -> JSONResponse:
    found = trouble(request, exc)
    return problem(request.state.request_id, found.code, found.detail, status=found.status, headers=found.headers)


def _http_trouble(request: Request, error: HTTPException) -> Trouble:
    code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
    detail = f"{request.method} is not served at this path: /openapi.json lists what is"
    return Trouble(error.status_code, code, detail, dict(error.headers or {}) | _allow(request, error))


def _allow(request: Request, error: HTTPException) -> dict[str, str]:
    """Every method of the path: the router names those of the first route alone."""
    path = getattr(request.scope.get("route"), "path", None)
    methods = request.app.openapi()["paths"].get(path, {})
    return {"Allow": ", ".join(sorted(map(str.upper, methods)))} if error.status_code == 405 and methods else {}


def _headers(request: Request, error: QuireError) -> dict[str, str]:
    wait_s = _wait_s(request, error)
    headers = {} if wait_s is None else {"Retry-After": str(math.ceil(wait_s))}
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def _wait_s(request: Request, error: QuireError) -> float | None:
    """Seconds after which another try is worth it; None where nobody knows."""
    if error.retry_after_s is not None:
        return error.retry_after_s
    if isinstance(error, Overloaded):
        seconds: int = request.app.state.service.backend.scheduler.retry_after_s
        return seconds
    return _LOADING_RETRY_S if isinstance(error, EngineStartError) else None


def _title(status: int) -> str:
    return "Client Closed Request" if status == _CLIENT_CLOSED_REQUEST else HTTPStatus(status).phrase
