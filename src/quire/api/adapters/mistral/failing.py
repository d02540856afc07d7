"""Errors as Mistral tells them, and routes that do so."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from quire.api.adapters.shaped import ErrorShape
from quire.api.problems import Trouble

_TYPES: Final = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    410: "not_found_error",
    429: "rate_limit_error",
}


def _error(found: Trouble) -> dict[str, Any]:
    told = {
        "object": "error",
        "message": found.detail,
        "type": _TYPES.get(found.status, "invalid_request_error" if found.status < 500 else "api_error"),
        "param": None,
        "code": found.code,
    }
    # Its client looks for a list here when the status is 422; others show people whatever stands here.
    detail = [{"loc": ["body"], "msg": found.detail, "type": found.code}]
    return told | ({"detail": detail} if found.status == HTTPStatus.UNPROCESSABLE_ENTITY else {})


ERRORS: Final = ErrorShape(
    _error,
    {
        "type": "object",
        "required": ["object", "message", "type", "code"],
        "properties": {"message": {"type": "string"}, "type": {"type": "string"}, "code": {"type": "string"}},
    },
)
TAG: Final = "Mistral OCR"
