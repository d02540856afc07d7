"""Answers of the service with thirteen endpoints: Quire's document, and beside it what that service's clients read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from quire.api.adapters.rest_form import TEXTS
from quire.api.exporting import ReadDocument, encoded, translated
from quire.api.service import Service
from quire.geometry import Quad

_STRUCTURE: Final = ("number", "width", "height", "dpi", "rotation", "blocks", "tables", "figures", "markdown")


class _Line(msgspec.Struct, frozen=True, gc=False):
    text: str
    confidence: float
    box: Quad


class _Page(msgspec.Struct, frozen=True, gc=False):
    number: int
    text: str
    language: str
    lines: list[_Line]


class _Document(msgspec.Struct, frozen=True, gc=False):
    engine: str
    pages: list[_Page]


_SEEN: Final = msgspec.json.Decoder(_Document)
_PARTS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_PAGES: Final = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])


@dataclass(frozen=True, slots=True)
class RestAnswer:
    """A document in an output format.

    Attributes:
        fields: JSON; parts of the document that are not looked at are JSON already.
        pages: how many were read.
        text: of all pages.
        confidence: mean of the lines, 0 to 1.
    """

    fields: dict[str, Any]
    pages: int
    text: str
    confidence: float


async def answer_of(service: Service, found: ReadDocument, output: str) -> RestAnswer:
    """The document as JSON, the names of the service's clients beside our own.

    Args:
        output: "json" for all of it, "structured" for blocks, tables and figures, or one of `TEXTS` for its `text`.
    """
    if output in TEXTS:
        text = (await encoded(service, found, output)).decode()
        return await translated(found, lambda content: _text(content, text))
    return await translated(found, _structured if output == "structured" else _whole)


def _text(content: bytes, text: str) -> RestAnswer:
    seen = _SEEN.decode(content)
    return _answer(seen, {"text": text, "metadata": {"engine": seen.engine}})


def _whole(content: bytes) -> RestAnswer:
    seen = _SEEN.decode(content)
    document = _document(content, seen.engine)
    regions = [_regions(page) for page in seen.pages]
    pages = [
        page | {"page_number": page["number"], "regions": own}
        for page, own in zip(_PAGES.decode(document["pages"]), regions, strict=True)
    ]
    return _answer(seen, document | {"pages": pages, "regions": [region for own in regions for region in own]})


def _structured(content: bytes) -> RestAnswer:
    seen = _SEEN.decode(content)
    document = _document(content, seen.engine)
    pages = _PAGES.decode(document["pages"])
    return _answer(seen, document | {"pages": [_shown(page) for page in pages]})


def _shown(page: Mapping[str, msgspec.Raw]) -> dict[str, msgspec.Raw]:
    return {"page_number": page["number"], **{name: page[name] for name in _STRUCTURE}}


def _document(content: bytes, engine: str) -> dict[str, Any]:
    """The document with its engine in its metadata; all else stays JSON as it is."""
    document: dict[str, Any] = _PARTS.decode(content)
    metadata = msgspec.json.decode(document.get("metadata", b"{}"))
    return document | {"metadata": metadata | {"engine": engine}}


def _answer(seen: _Document, fields: Mapping[str, Any]) -> RestAnswer:
    scores = [line.confidence for page in seen.pages for line in page.lines]
    confidence = sum(scores) / len(scores) if scores else 0.0
    told = {
        "total_regions": len(scores),
        "average_confidence": confidence,
        "language_detected": seen.pages[0].language if seen.pages else "",
    }
    text = "\n\n".join(page.text for page in seen.pages)
    return RestAnswer({**fields, **told}, len(seen.pages), text, confidence)


def _regions(page: _Page) -> Sequence[dict[str, Any]]:
    return [{"text": line.text, "confidence": line.confidence, "bbox": _upright(line.box)} for line in page.lines]


def _upright(box: Quad) -> dict[str, int]:
    """The level rectangle around a box, in whole pixels of the page."""
    xs, ys = [x for x, _ in box], [y for _, y in box]
    left, top = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
    return {"x1": left, "y1": top, "x2": math.ceil(max(xs)), "y2": math.ceil(max(ys))}
