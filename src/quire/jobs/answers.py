"""Documents out of pages that are JSON already: what a worker wrote is passed on, not parsed, wherever that will do."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Protocol

import msgspec

from quire.document import Document, Page
from quire.errors import QuireError
from quire.exports import EXPORTS, utf8
from quire.exports.ndjson import failure_line
from quire.jobs.refining import refined_json
from quire.layout import refine


class PageContent(Protocol):
    """A page as it was read: JSON of a `Page`, or of a `PageFailure` where it failed."""

    @property
    def number(self) -> int: ...
    @property
    def content(self) -> bytes: ...
    @property
    def failed(self) -> bool: ...


def to_json(head: Mapping[str, Any], pages: Iterable[PageContent]) -> bytes:
    """JSON of `Document.to_dict()`, on one line, refined.

    Args:
        head: `Document.head()`.
        pages: in order.
    """
    read, failed = _parted(pages)
    start = utf8(json.dumps(dict(head), ensure_ascii=False)).removesuffix(b"}")
    return b'%b, "pages": [%b], "errors": [%b], "partial": %b}\n' % (
        start,
        b", ".join(refined_json(head, read)),
        b", ".join(failed),
        b"true" if failed else b"false",
    )


def to_document(head: Mapping[str, Any], pages: Iterable[PageContent]) -> Document:
    """The document itself, refined, for exports."""
    read, failed = _parted(pages)
    found = Document.from_dict({**head, "pages": (), "errors": [*map(json.loads, failed)]})
    return refine(replace(found, pages=tuple(map(_page().decode, read))))


def encode(head: Mapping[str, Any], pages: Iterable[PageContent], wanted: str) -> bytes:
    """The document in one of `EXPORTS`; long ones take a while."""
    if wanted == "json":
        return to_json(head, pages)
    return EXPORTS[wanted].encode(to_document(head, pages))


async def to_ndjson(head: Mapping[str, Any], pages: AsyncIterator[PageContent]) -> AsyncIterator[bytes]:
    """The lines of `exports.ndjson`, each as soon as its page is there; a failure of the whole ends them."""
    counts = {"pages": 0, "errors": 0}
    yield utf8(json.dumps({"document": dict(head)}, ensure_ascii=False)) + b"\n"
    try:
        async for page in pages:
            counts["errors" if page.failed else "pages"] += 1
            yield b'{"%b": %b}\n' % (b"error" if page.failed else b"page", page.content)
    except QuireError as error:
        yield utf8(failure_line(error))
    else:
        yield utf8(json.dumps({"done": counts | {"partial": counts["errors"] > 0}})) + b"\n"


@lru_cache(maxsize=1)
def _page() -> msgspec.json.Decoder[Page]:
    return msgspec.json.Decoder(Page)


def _parted(pages: Iterable[PageContent]) -> tuple[list[bytes], list[bytes]]:
    read: list[bytes] = []
    failed: list[bytes] = []
    for page in pages:
        (failed if page.failed else read).append(page.content)
    return read, failed
