"""Errors as Azure tells them."""

from __future__ import annotations

from typing import Any, Final

from quire.api.adapters.shaped import ErrorShape
from quire.api.problems import Trouble

_CODES: Final = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    410: "NotFound",
    413: "InvalidContentLength",
    415: "UnsupportedMediaType",
    429: "TooManyRequests",
    501: "NotSupported",
    503: "ServiceUnavailable",
}
"""Codes that its clients know, by status."""


def _error(found: Trouble) -> dict[str, Any]:
    code = _CODES.get(found.status, "InvalidRequest" if found.status < 500 else "InternalServerError")
    return {"error": {"code": code, "message": found.detail, "innererror": {"code": found.code}}}


ERRORS: Final = ErrorShape(
    _error,
    {
        "type": "object",
        "required": ["error"],
        "properties": {"error": {"type": "object", "required": ["code", "message"]}},
    },
)
