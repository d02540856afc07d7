"""The LightOnOCR-style API: a document in a form, its text page by page. The path is in `adapters.deepseek`."""

from __future__ import annotations

import time
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from quire.api.adapters.answered import answered_by
from quire.api.adapters.describing import FILE, Schema
from quire.api.adapters.kept import keep
from quire.api.adapters.shaped import json_answer
from quire.api.bodies import BodyShape
from quire.api.exporting import as_dict
from quire.api.leaving import unless_gone
from quire.api.reading import Visit
from quire.options import ReadOptions

FIELDS: Final[dict[str, Schema]] = {"file": FILE}

_FORM: Final = "multipart/form-data"
_SHAPE: Final = BodyShape(frozenset({"file"}))
_PAGE_BREAK: Final = "\n\n--- Page Break ---\n\n"


def is_form(request: Request) -> bool:
    """Whether the body is a form, and not JSON."""
    return request.headers.get("content-type", "").lower().startswith(_FORM)


async def answer_form(inside: Visit) -> Response:
    """The text of the document in a form, which is kept as files where the operator wants that."""
    started = time.monotonic()
    upload = await inside.receive(_SHAPE)
    found = await inside.read(upload.documents[0], ReadOptions(words=False))
    document = await as_dict(found)
    text = _text(document)
    numbers = [page["number"] for page in document["pages"]]
    warnings = await unless_gone(inside.request, keep(inside.service, found, text, numbers))
    told = {
        "filename": document["name"],
        "text": text,
        "processing_time": round(time.monotonic() - started, 4),
        "metadata": {
            "engine": answered_by(document),
            "pages": document["pages_total"],
            "errors": document["errors"],
            "warnings": warnings,
        },
    }
    return json_answer(told)


def _text(document: dict[str, Any]) -> str:
    """The text of all pages; one that failed is empty, so that the others keep their places."""
    texts = {page["number"]: page["text"] for page in document["pages"]}
    return _PAGE_BREAK.join(texts.get(number, "") for number in range(1, document["pages_total"] + 1))
