"""The DeepSeek-OCR-style API: an image in base64, and an endpoint for each task.

`POST /ocr` is also that of the LightOnOCR-style service, `quire.api.adapters.lighton`, which takes documents in forms.
"""

from __future__ import annotations

import time
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from quire.api.adapters import lighton
from quire.api.adapters.answered import answered_by
from quire.api.adapters.deepseek_form import IMAGE, UPLOAD, UPLOAD_FIELDS, DeepSeekForm, Question, fields
from quire.api.adapters.deepseek_results import told
from quire.api.adapters.describing import answer, body
from quire.api.adapters.shaped import ErrorShape, adapter, json_answer
from quire.api.exporting import as_dict
from quire.api.intake import Upload
from quire.api.reading import Visit, visit

_ERRORS: Final = ErrorShape(
    # The services that share a path tell an error in one field or the other: their clients find theirs.
    lambda error: {"success": False, "result": None, "error": error.detail, "detail": error.detail},
    {
        "type": "object",
        "required": ["success", "error", "detail"],
        "properties": {"success": {"const": False}, "error": {"type": "string"}, "detail": {"type": "string"}},
    },
)
router = adapter("DeepSeek-OCR style", _ERRORS)

_SIZES: Final = ("base_size", "image_size", "crop_mode")
_READ: Final = answer("What was read.", success={"const": True}, result={"type": "string"}, metadata={"type": "object"})
_BOTH: Final = answer(
    "What was read: `result` of an image in JSON, `text` of a document in a form.", metadata={"type": "object"}
)


@router.post(
    "/ocr",
    summary="Read an image with one of the model's prompts, or a document in a form",
    operation_id="compatible_ocr",
    openapi_extra=body(form=lighton.FIELDS, json=fields("prompt", *_SIZES), required=("file", "image_base64")),
    responses={200: _BOTH},
    response_class=Response,
)
async def ocr(request: Request) -> Response:
    """The answer to a prompt about an image; of a document in a form, its text, page by page."""
    async with visit(request, "read") as inside:
        if not lighton.is_form(request):
            upload = await inside.receive(IMAGE)
            form = DeepSeekForm.of(upload.fields)
            question = Question.of_prompt(form.prompt)
            return await _answer(inside, upload, form, question, question.task)
        return await lighton.answer_form(inside)


@router.post(
    "/document-to-markdown",
    summary="An image as Markdown",
    operation_id="deepseek_markdown",
    openapi_extra=body(json=fields(*_SIZES), required=("image_base64",)),
    responses={200: _READ},
    response_class=Response,
)
async def markdown(request: Request) -> Response:
    """The image as Markdown: headings, lists and tables are kept."""
    async with visit(request, "read") as inside:
        upload = await inside.receive(IMAGE)
        form = DeepSeekForm.of(upload.fields)
        return await _answer(inside, upload, form, Question.of_task("markdown"), "document-to-markdown")


@router.post(
    "/parse-figure",
    summary="What a figure shows",
    operation_id="deepseek_figure",
    openapi_extra=body(json=fields(*_SIZES), required=("image_base64",)),
    responses={200: _READ},
    response_class=Response,
)
async def figure(request: Request) -> Response:
    """A model's account of the figure; of engines that are none, the labels in it, grouped by position."""
    async with visit(request, "read") as inside:
        upload = await inside.receive(IMAGE)
        form = DeepSeekForm.of(upload.fields)
        return await _answer(inside, upload, form, Question.of_task("figure"), "parse-figure")


@router.post(
    "/locate-text",
    summary="Where a text stands in an image",
    operation_id="deepseek_locate",
    openapi_extra=body(json=fields("text_to_locate", *_SIZES), required=("image_base64", "text_to_locate")),
    responses={200: _READ},
    response_class=Response,
)
async def locate(request: Request) -> Response:
    """Places in thousandths of width and height as `result`, in pixels as `metadata.matches`; none is an empty text."""
    async with visit(request, "read") as inside:
        upload = await inside.receive(IMAGE)
        form = DeepSeekForm.of(upload.fields)
        return await _answer(inside, upload, form, Question.looking_for(form.text_to_locate), "locate-text")


@router.post(
    "/upload-ocr",
    summary="Read an image or a PDF",
    operation_id="deepseek_upload",
    openapi_extra=body(form=UPLOAD_FIELDS, required=("file",)),
    responses={200: _READ},
    response_class=Response,
)
async def upload_ocr(request: Request) -> Response:
    """Text, Markdown or a figure's labels of a file; `task` may also stand in the query."""
    async with visit(request, "read") as inside:
        upload = await inside.receive(UPLOAD)
        form = DeepSeekForm.of((*request.query_params.multi_items(), *upload.fields))
        return await _answer(inside, upload, form, Question.of_task(form.task), form.task)


async def _answer(inside: Visit, upload: Upload, form: DeepSeekForm, question: Question, task: str) -> Response:
    """What was read for a question; `task` is the service's own name of what was asked for."""
    started = time.monotonic()
    engine = await inside.service.backend.reader.ready()
    found = await inside.read(upload.documents[0], question.options(engine))
    document = await as_dict(found)
    result, matches = told(document["pages"], question)
    metadata = {
        "prompt": question.prompt,
        "task": task,
        "output_path": None,
        "filename": upload.documents[0].name,
        "engine": answered_by(document),
        "errors": document["errors"],
        "warnings": form.warnings(engine, inside.service.settings),
        "processing_time": round(time.monotonic() - started, 4),
    }
    if question.find is not None:
        metadata |= {"search_text": question.find, "matches": matches}
    return json_answer({"success": True, "result": result, "error": None, "metadata": metadata})
