"""A span around each request, where spans are wanted; its log lines name its trace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from quire.assembly.spans import Spans

_PROBES: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked for by machines every few seconds: nobody wants to find these among what people asked for."""


class Traced:
    """Wraps the application; see the module."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        spans: Spans | None = None
        if scope["type"] == "http" and scope["path"] not in _PROBES:
            spans = scope["app"].state.service.backend.spans
        if spans is None:
            await self._app(scope, receive, send)
        else:
            await self._trace(spans, scope, receive, send)

    async def _trace(self, spans: Spans, scope: Scope, receive: Receive, send: Send) -> None:
        status: int | None = None

        async def watched_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        headers = dict(Headers(scope=scope))
        with (
            spans.request(scope["method"], scope["path"], headers) as span,
            structlog.contextvars.bound_contextvars(trace_id=span.trace_id),
        ):
            try:
                await self._app(scope, receive, watched_send)
            finally:
                route = getattr(scope.get("route"), "path", None)
                span.answered(status, route, scope["state"]["request_id"])
