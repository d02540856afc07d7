"""What docling-serve's requests and answers look like, for /openapi.json."""

from __future__ import annotations

from typing import Any, Final

from quire.api.adapters.describing import FILE, TEXT, Schema, answer, body, several
from quire.api.adapters.docling.wish import Conversion, Output
from quire.api.archive import MEDIA_TYPE

TAG: Final = "docling-serve"

_OPTIONS: Final[dict[str, Schema]] = {
    **Conversion.model_json_schema()["properties"],
    **Output.model_json_schema()["properties"],
}
FORM: Final = body(form={"files": several(FILE), **_OPTIONS}, required=("files",))
JSON: Final = body(
    json={
        "sources": several({"type": "object"}),
        "options": {"type": "object", "properties": _OPTIONS},
        "target": {"type": "object"},
    },
    required=("sources",),
)

_ANSWER: Final = answer(
    "The document; several as an archive.",
    document={"type": "object"},
    status={"enum": ["success", "partial_success"]},
    errors={"type": "array"},
    processing_time={"type": "number"},
)
CONVERTED: Final[dict[int | str, Any]] = {200: _ANSWER | {"content": _ANSWER["content"] | {MEDIA_TYPE: {}}}}
TASK: Final[dict[int | str, Any]] = {
    200: answer(
        "The task.",
        task_id=TEXT,
        task_type=TEXT,
        task_status={"enum": ["pending", "started", "success", "failure"]},
        error_message={"type": ["string", "null"], "description": "Why it failed."},
    )
}
STATE: Final[dict[int | str, Any]] = {200: answer("It is.", status=TEXT)}
