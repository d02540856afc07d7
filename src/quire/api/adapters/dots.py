"""The DotsOCR-style API: images in base64, one or many, and the blocks of each as a string of JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from quire.api.adapters.answered import answered_by
from quire.api.adapters.describing import answer, body
from quire.api.adapters.dots_elements import MARGINALIA, Element, elements, inside
from quire.api.adapters.dots_form import FAMILY, FIELDS, IMAGES, DotsForm
from quire.api.adapters.sent import sent_size, whole_pixels
from quire.api.adapters.shaped import SUCCESS_FALSE, adapter, json_answer
from quire.api.exporting import ReadDocument, as_dict
from quire.api.reading import visit
from quire.errors import InvalidOption, QuireError, UnsupportedFormat

Outcome = Mapping[str, Any] | QuireError

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
        outcomes = [await _outcome(one, form) for one in found]
    asked = {"prompt_mode": form.prompt_mode, "bbox": None if form.area is None else whole_pixels(form.area)}
    entries = [asked | _entry(one) for one in outcomes]
    told: Mapping[str, Any]
    if form.images is None:
        told = _alone(outcomes[0], entries[0])
    else:
        pages = [entry | {"page_number": place} for place, entry in enumerate(entries)]
        success = any(entry["success"] for entry in entries)
        told = {"success": success, "results": pages, "total_pages": len(pages)}
    return json_answer({**told, "processing_time": round(time.monotonic() - started, 4), "warnings": form.warnings})


async def _outcome(found: ReadDocument | QuireError, form: DotsForm) -> Outcome:
    """What is told of an image that was read, or why there is nothing to tell."""
    if isinstance(found, QuireError):
        return found
    document = await as_dict(found)
    [page] = document["pages"]
    width, height = sent_size(page)
    if form.area is not None and not (form.area.x0 < width and form.area.y0 < height):
        return InvalidOption(f"`bbox` lies outside the image, which has {width} x {height} pixels: give its own pixels")
    result = json.dumps(_elements(page, form), ensure_ascii=False)
    return {"result": result, "metadata": {"engine": answered_by(document)}}


def _entry(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, QuireError):
        return {"success": False, "error": outcome.detail, "code": outcome.code}
    return {"success": True, **outcome}


def _alone(outcome: Outcome, entry: Mapping[str, Any]) -> Mapping[str, Any]:
    if isinstance(outcome, QuireError):
        raise outcome
    return entry


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
