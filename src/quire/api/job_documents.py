"""The documents of a job with what has been read of them, one by one or as one file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from quire.api.exporting import ReadDocument, encoded
from quire.api.service import Service
from quire.errors import QuireError
from quire.exports import EXPORTS, utf8
from quire.jobs import answers
from quire.jobs.model import Job, PageRow
from quire.jobs.scheduler import Lane
from quire.sources.pages import select_pages
from quire.workers.tasks import DocumentRef


@dataclass(frozen=True, slots=True)
class Part:
    """A document of a result.

    Attributes:
        head: `Document.head()`.
        numbers: of the pages that are wanted; all when None.
    """

    index: int
    head: Mapping[str, Any]
    numbers: frozenset[int] | None


async def parts_of(service: Service, job: Job, pages: str | None) -> list[Part]:
    """What there is of the documents that were opened. Known before the answer begins: it cannot fail later."""
    parts = []
    for document in job.documents:
        opening = await service.backend.store.opening(job.id, document.index)
        if opening is not None:
            numbers = None if pages is None else frozenset(select_pages(pages, opening.head["pages_total"]))
            parts.append(Part(document.index, opening.head, numbers))
    return parts


async def joined(service: Service, job: Job, wanted: str, parts: Sequence[Part]) -> AsyncIterator[bytes]:
    """Several documents: as entries of `documents` in JSON, one after the other in what can be joined."""
    if wanted == "json":
        yield b'{"documents": ['
    for part in parts:
        async with aclosing(rows_of(service, job, part)) as rows:
            kept = [row async for row in rows]
        content = await asyncio.to_thread(answers.encode, part.head, kept, wanted)
        if part is not parts[0]:
            yield b", " if wanted == "json" else b"" if wanted == "ndjson" else b"\n"
        yield content.rstrip(b"\n") if wanted == "json" else content
    if wanted == "json":
        yield b"]}\n"


async def files_of(
    service: Service, job: Job, lane: Lane, wanted: str, parts: Sequence[Part]
) -> AsyncIterator[tuple[str, bytes]]:
    """A file for each document, with its name; where one cannot be written, a text that says why."""
    for part in parts:
        document = await read_document(service, job, lane, part)
        stem = PurePath(document.ref.name).stem
        try:
            yield f"{stem}{EXPORTS[wanted].suffix}", await encoded(service, document, wanted)
        except QuireError as error:
            yield f"{stem}.error.txt", utf8(f"{error.code}: {error.detail}\n")


async def documents_of(service: Service, job: Job) -> list[ReadDocument]:
    """The documents of a job that were opened, with their pages that are done."""
    lane = Lane(job.owner, job.id, interactive=True)
    return [await read_document(service, job, lane, part) for part in await parts_of(service, job, None)]


async def read_document(service: Service, job: Job, lane: Lane, part: Part) -> ReadDocument:
    async with aclosing(rows_of(service, job, part)) as rows:
        pages = [row async for row in rows]
    known = job.documents[part.index]
    ref = DocumentRef(service.backend.blobs.path(known.sha256), known.sha256, known.name)
    return ReadDocument(ref, job.options, lane, part.head, pages)


async def rows_of(service: Service, job: Job, part: Part) -> AsyncGenerator[PageRow]:
    async for row in service.backend.store.pages(job.id, part.index):
        if part.numbers is None or row.number in part.numbers:
            yield row
