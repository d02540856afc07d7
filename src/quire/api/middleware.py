"""What every exchange has: a request id, careful headers, a line in the log, and an answer even to a bug.

Plain ASGI: a wrapper that reads the request for itself would hide the client's leaving from the routes.
"""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quire.api.problems import problem
from quire.metrics import Metrics

_log = structlog.get_logger(__name__)
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")

_CLIENT_LEFT: Final = 499

# Nothing served here is a page that loads anything, and what was read is its reader's own.
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Exchange:
    """Wraps the application; see the module."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope).get("x-request-id"))
        scope.setdefault("state", {})["request_id"] = request_id
        status: int | None = None
        started = time.monotonic()

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        metrics: Metrics = scope["app"].state.service.backend.metrics
        metrics.http_started()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_headers)
            except asyncio.CancelledError:
                # Only a server that stops, and has waited long enough, cancels: nobody is left to pass it to.
                _log.warning("request cut off by the shutdown")
                if status is None:
                    detail = "the server is shutting down: send the request again"
                    await problem(request_id, "cancelled", detail)(scope, receive, send_with_headers)
            except Exception:
                _log.exception("request failed")
                if status is not None:
                    raise
                detail = "the server failed: its log says why under this request_id"
                await problem(request_id, "internal_error", detail)(scope, receive, send_with_headers)
            finally:
                seconds = round(time.monotonic() - started, 4)
                _log.info("request", method=scope["method"], path=scope["path"], status=status, seconds=seconds)
                route = getattr(scope.get("route"), "path", None)
                metrics.http_done(scope["method"], route, status or _CLIENT_LEFT, seconds)


def _request_id(wanted: str | None) -> str:
    """The client's id where it is harmless in headers and logs, else a new one."""
    return wanted if wanted and _REQUEST_ID.fullmatch(wanted) else uuid.uuid4().hex
