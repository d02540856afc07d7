"""Answers in any format: most out of what was read, some drawn by a worker from the document itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec

from quire.api.service import Service
from quire.exports import EXPORTS
from quire.jobs import answers
from quire.jobs.answers import PageContent
from quire.jobs.scheduler import Lane
from quire.options import ReadOptions
from quire.workers.tasks import DocumentRef

T = TypeVar("T")

_SHORT_BYTES: Final = 500_000
"""What is exported at once on the event loop; more goes to a thread."""


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document and what was read of it.

    Attributes:
        lane: where the worker's turn is waited for.
        head: `Document.head()`.
        pages: in order.
    """

    ref: DocumentRef
    options: ReadOptions
    lane: Lane
    head: Mapping[str, Any]
    pages: Sequence[PageContent]


async def encoded(service: Service, document: ReadDocument, wanted: str) -> bytes:
    """The document in one of `EXPORTS`.

    Raises:
        QuireError: the format does not fit the document, or no worker can draw it now.
    """
    if EXPORTS[wanted].draw is None:
        return await _written(document, wanted)
    content = await _written(document, "json")
    async with service.backend.scheduler.turn(document.lane):
        return await service.backend.pool.export(document.ref, document.options, wanted, content)


async def translated(document: ReadDocument, translate: Callable[[bytes], T]) -> T:
    """What `format=json` answers, in another form."""
    content = await _written(document, "json")
    return translate(content) if len(content) <= _SHORT_BYTES else await asyncio.to_thread(translate, content)


async def as_dict(document: ReadDocument) -> dict[str, Any]:
    """What `format=json` answers, parsed: `Document.to_dict()`, refined."""
    value: dict[str, Any] = await translated(document, msgspec.json.decode)
    return value


async def _written(document: ReadDocument, wanted: str) -> bytes:
    # Several pages are parsed, to be refined.
    if wanted != "xlsx" and len(document.pages) == 1 and len(document.pages[0].content) <= _SHORT_BYTES:
        return answers.encode(document.head, document.pages, wanted)
    return await asyncio.to_thread(answers.encode, document.head, document.pages, wanted)
