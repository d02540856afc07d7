"""POST /v1/ocr: a document in, its pages as Markdown out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from quire.api.adapters.describing import answer, body, described
from quire.api.adapters.lean import LeanDocument, lean
from quire.api.adapters.mistral.failing import ERRORS, TAG
from quire.api.adapters.mistral.page import PageShape
from quire.api.adapters.mistral.scores import Json
from quire.api.adapters.mistral.signing import Signed
from quire.api.adapters.mistral.wish import SHAPE, OcrWish
from quire.api.adapters.pictures import pictures_of
from quire.api.adapters.shaped import adapter, json_answer
from quire.api.bodies import Given
from quire.api.exporting import translated
from quire.api.reading import Visit, visit
from quire.api.service import owner_of
from quire.jobs.model import KeptFile

router = adapter(TAG, ERRORS)

_DOCUMENT: Final = described(
    "One of `document_url`, `image_url` (an address, a signed URL of /v1/files, or a data: URL) and `file_id`.",
    type="object",
)
_FIELDS: Final = OcrWish.model_json_schema()["properties"]


_DESCRIBED: Final[dict[str, Any]] = {
    "summary": "Read a document as Markdown",
    "openapi_extra": body(json={"document": _DOCUMENT, **_FIELDS}, required=("document",)),
    "responses": {
        200: answer("Its pages.", pages={"type": "array"}, model={"type": "string"}, usage_info={"type": "object"})
    },
    "response_class": Response,
}


# LiteLLM asks at the second address when its provider is azure_ai.
@router.post("/v1/ocr", operation_id="mistral_ocr", **_DESCRIBED)
@router.post("/providers/mistral/azure/ocr", operation_id="mistral_ocr_at_azure", **_DESCRIBED)
async def ocr(request: Request) -> Response:
    """Reads the document while the client waits."""
    async with visit(request, "read") as inside:
        upload = await inside.receive(SHAPE, kept=lambda given: _kept(inside, given))
        wish = OcrWish.of(upload.fields)
        found = await inside.read(upload.documents[0], wish.options())
        document = await translated(found, lean)
        names = _names(document, wish)
        pictures = await pictures_of(inside.service, found, names if wish.include_image_base64 else ())
        size_bytes = found.ref.path.stat().st_size
    told = {
        "pages": _pages(document, wish, names, pictures),
        "model": wish.model or document.engine,
        "document_annotation": None,
        "usage_info": {"pages_processed": len(document.pages), "doc_size_bytes": size_bytes},
        "metadata": {"engine": document.engine, "errors": document.errors},
    }
    return json_answer(told)


async def _kept(inside: Visit, given: Given) -> KeptFile | None:
    """The uploaded file that a request names, by its id or by a signed URL; only to whoever uploaded it."""
    store, owner = inside.service.backend.store, owner_of(inside.principal)
    if given.file is not None:
        return await store.file(given.file, owner)
    if given.url is None or given.inline is not None or (claims := Signed.of(given.url)) is None:
        return None
    file = await store.file(claims.file_id, owner)
    claims.require(file)
    return file


def _names(document: LeanDocument, wish: OcrWish) -> dict[str, str]:
    """Names of the figures that the answer tells of, by their ids."""
    least = wish.image_min_size or 0
    figures = [
        figure["id"]
        for page in document.pages
        for figure in page.figures
        if min(figure["box"][2][0] - figure["box"][0][0], figure["box"][2][1] - figure["box"][0][1]) >= least
    ]
    return {figure: f"img-{place}.png" for place, figure in enumerate(figures[: wish.image_limit])}


def _pages(document: LeanDocument, wish: OcrWish, names: Mapping[str, str], pictures: Mapping[str, str]) -> list[Json]:
    pages: list[Json] = []
    tables = 0
    for page in document.pages:
        pages.append(PageShape(page, wish, names, tables).to_dict(pictures))
        tables += len(page.tables)
    return pages
