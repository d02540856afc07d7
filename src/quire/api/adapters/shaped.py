"""Routes of an adapted API: its errors have the shape that its clients parse, whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute

from quire.api.problems import Trouble, trouble
from quire.error_table import EDGES, edge
from quire.jobs.model import Failure


@dataclass(frozen=True, slots=True)
class ErrorShape:
    """How a service tells its clients of an error.

    Attributes:
        body: JSON of an error.
        schema: its JSON Schema.
    """

    body: Callable[[Trouble], Mapping[str, Any]]
    schema: Mapping[str, Any]

    def answer(self, request: Request, exc: Exception) -> JSONResponse:
        """The answer to an exception; statuses and headers are those of the native API."""
        found = trouble(request, exc)
        return JSONResponse(self.body(found), found.status, found.headers)

    def report(self, failure: Failure) -> JSONResponse:
        """What befell a job, as the answer to a question about it."""
        found = befallen(failure)
        return JSONResponse(self.body(found), found.status)

    def responses(self) -> dict[int | str, dict[str, Any]]:
        """All errors there are, for the description."""
        statuses = sorted({edge.http_status for edge in EDGES.values()})
        content = {"application/json": {"schema": dict(self.schema)}}
        return {status: {"description": "An error.", "content": content} for status in statuses}


def befallen(failure: Failure) -> Trouble:
    """What befell a job, as if it befell the request."""
    return Trouble(edge(failure.code).http_status, failure.code, failure.detail)


def _text(name: str) -> dict[str, Any]:
    return {"type": "object", "required": [name], "properties": {name: {"type": "string"}}}


DETAIL: Final = ErrorShape(lambda error: {"detail": error.detail}, _text("detail"))
"""As FastAPI's own: `{"detail": "…"}`."""

SUCCESS_FALSE: Final = ErrorShape(lambda error: {"success": False, "error": error.detail}, _text("error"))
"""`{"success": false, "error": "…"}`."""


def json_answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response, written ten times faster than FastAPI does: documents are long."""
    return Response(msgspec.json.encode(content), status, headers, "application/json")


def adapter(tag: str, errors: ErrorShape) -> APIRouter:
    """A router for the routes of one API.

    Args:
        tag: names it in the description.
        errors: of all its routes.
    """

    class Shaped(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handle_shaped(request: Request) -> Response:
                try:
                    return await handle(request)
                except Exception as exc:  # noqa: BLE001 - a bug as well has the shape that clients parse
                    return errors.answer(request, exc)

            return handle_shaped

    return APIRouter(tags=[tag], route_class=Shaped, responses=errors.responses())
