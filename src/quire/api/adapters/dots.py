"""The DotsOCR-style API: images in base64, one or many, and the blocks of each as a string of JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from quire.api.adapters.answered import answered_by
from quire.api.adapters.describing import answer, body
from quire.api.adapters.dots_elements import MARGINALIA, Element, elements, inside
from quire.api.adapters.dots_form import FAMILY, FIELDS, IMAGES, DotsForm
from quire.api.adapters.sent import whole_pixels
from quire.api.adapters.shaped import SUCCESS_FALSE, adapter
from quire.api.exporting import ReadDocument, as_dict
from quire.api.reading import visit
from quire.errors import QuireError, UnsupportedFormat

router = adapter("DotsOCR style", SUCCESS_FALSE)

_ANSWER: Final = answer(
    "One image: `result`, a string of JSON. A batch: `results`, in the order in which the images came.",
    success={"type": "boolean"},
    processing_time={"type": "number"},
    warnings={"type": "array", "items": {"type": "string"}},
)


@router.post(
    "/process",
    summary="Read images: their blocks, boxes and text",
    operation_id="dots_process",
    openapi_extra=body(json=FIELDS, required=()),
    responses={200: _ANSWER},
    response_class=Response,
)
async def process(request: Request) -> Response:
    """The blocks of each image. In a batch, what befalls one image does not concern the others."""
    started = time.monotonic()
    async with visit(request, "read") as allowed:
        upload = await allowed.receive(IMAGES, most=allowed.service.settings.jobs.max_documents)
        form = DotsForm.of(upload.fields)
        options = form.options(await allowed.service.backend.reader.ready())
        found = await allowed.read_each(upload.documents, options, check=_one_page)
        results = [await _entry(one, form) for one in found]
    if form.images is None:
        told = _alone(found[0], results[0])
    else:
        pages = [entry | {"page_number": place} for place, entry in enumerate(results)]
        success = any(entry["success"] for entry in results)
        told = {"success": success, "results": pages, "total_pages": len(pages)}
    return JSONResponse(told | {"processing_time": round(time.monotonic() - started, 4), "warnings": form.warnings})


def _alone(found: ReadDocument | QuireError, entry: dict[str, Any]) -> dict[str, Any]:
    if isinstance(found, QuireError):
        raise found
    return entry


async def _entry(found: ReadDocument | QuireError, form: DotsForm) -> dict[str, Any]:
    asked = {"prompt_mode": form.prompt_mode, "bbox": None if form.area is None else whole_pixels(form.area)}
    if isinstance(found, QuireError):
        return asked | {"success": False, "error": found.detail, "code": found.code}
    document = await as_dict(found)
    result = json.dumps(_elements(document["pages"][0], form), ensure_ascii=False)
    return asked | {"success": True, "result": result, "metadata": {"engine": answered_by(document)}}


def _elements(page: Mapping[str, Any], form: DotsForm) -> list[Element]:
    """What the prompt mode asks for."""
    if form.area is not None:
        # A model that was asked for the area has read nothing else; who stepped in for it has.
        text = page["text"] if page["engine"] == FAMILY else inside(page, form.area)
        return [{"bbox": whole_pixels(form.area), "category": "Text", "text": text}]
    found = elements(page)
    if form.prompt_mode == "prompt_layout_only_en":
        return [{"bbox": element["bbox"], "category": element["category"]} for element in found]
    if form.prompt_mode == "prompt_ocr":
        return [one for one in found if one["category"] not in MARGINALIA and "text" in one]
    return [*found]


def _one_page(head: Mapping[str, Any]) -> None:
    if head["pages_total"] != 1:
        raise UnsupportedFormat("this has several pages: send each as an image of its own, as the list `images`")
