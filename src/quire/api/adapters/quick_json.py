"""Large answers, written in a fraction of the time that the standard library takes."""

from __future__ import annotations

from typing import Any

from fastapi.responses import JSONResponse
from pydantic_core import to_json


class QuickJSONResponse(JSONResponse):
    """JSON as `JSONResponse` writes it."""

    def render(self, content: Any) -> bytes:
        return to_json(content)
