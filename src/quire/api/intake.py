"""Receives documents: streamed to disk, hashed on the way, bounded in size, number and time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from fastapi import Request
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect

from quire.api.bodies import NATIVE, BodyShape, Given, decoded, parse_json
from quire.api.form_files import FormParser, ReceivedFile
from quire.errors import Cancelled, DamagedDocument, InvalidOption, QuireError, TooManyBytes, UnsupportedFormat
from quire.jobs.blob_writer import BlobWriter
from quire.jobs.blobs import BlobStore
from quire.jobs.model import KeptFile
from quire.remote import Fetcher

_FORM: Final = "multipart/form-data"
_JSON: Final = "application/json"
_OVERHEAD_BYTES: Final = 1_000_000
_MAX_JSON_BYTES: Final = 100_000_000
"""JSON is parsed in memory: larger documents come as multipart, which goes to disk."""
_LENGTH_DIGITS: Final = 20
_CHUNK_BYTES: Final = 1 << 20

FindKept = Callable[[Given], Awaitable[KeptFile | None]]
"""The uploaded file that a document in JSON names; None where it names none. Raises QuireError."""


async def none_kept(_: Given) -> None:
    """No uploaded file can be named."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A document that has arrived, not yet kept: `writer` decides that.

    Attributes:
        name: as the client gave it: untrusted, and never a path here.
        failure: why what arrived is no document; it takes none of those that came with it along.
    """

    name: str | None
    content: BlobWriter
    failure: QuireError | None = None

    @property
    def writer(self) -> BlobWriter:
        """Where its bytes are.

        Raises:
            QuireError: what arrived is no document.
        """
        if self.failure is not None:
            raise self.failure
        return self.content


@dataclass(frozen=True, slots=True)
class Upload:
    """What a request carried: option fields as they came (a name may come twice), and its documents."""

    fields: tuple[tuple[str, Any], ...]
    documents: tuple[Incoming, ...]


class Intake:
    """Receives the bodies of requests.

    Args:
        fetcher: gets documents from URLs.
        max_bytes: of one document.
        timeout_s: for a body to arrive.
    """

    def __init__(self, blobs: BlobStore, fetcher: Fetcher, *, max_bytes: int, timeout_s: float) -> None:
        self._blobs = blobs
        self._fetcher = fetcher
        self._max_bytes = max_bytes
        self._timeout_s = timeout_s

    async def receive(
        self,
        request: Request,
        held: AsyncExitStack,
        *,
        most: int = 1,
        shape: BodyShape = NATIVE,
        kept: FindKept = none_kept,
    ) -> Upload:
        """The upload of a request.

        Args:
            held: keeps the documents; what its end finds unfinished is removed.
            most: documents that the request may bring.
            shape: where in the body they are.
            kept: finds those that were uploaded before.

        Raises:
            TooManyBytes: the body or a document is larger than allowed, or says so.
            InvalidOption: the body cannot be understood, or does not hold one to `most` documents.
            UnsupportedFormat: the body's media type is none that the shape has.
            StorageFull, OutputError: there is no room for it.
            UrlRefused, UrlFailed: a URL leads where it must not, or to nothing.
            Cancelled: the client left, or took too long.
        """
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            async with asyncio.timeout(self._timeout_s):
                if media_type == _FORM and shape.files:
                    return await self._form(request, held, most, shape)
                if media_type == _JSON and shape.given is not None:
                    return await self._json(request, held, most, shape, kept)
                if shape.bare:
                    return await self._bare(request, held)
        except TimeoutError as exc:
            raise Cancelled(
                f"the upload took longer than {self._timeout_s:g} s: send it faster, or in smaller parts"
            ) from exc
        except ClientDisconnect as exc:
            raise Cancelled("the client left during the upload") from exc
        raise UnsupportedFormat(shape.advice)

    # ---- forms

    async def _form(self, request: Request, held: AsyncExitStack, most: int, shape: BodyShape) -> Upload:
        body = self._bounded(request, self._max_bytes * most + _OVERHEAD_BYTES)
        parser = FormParser(request.headers, body, most, partial(self._new_writer, held), self._check_size)
        try:
            items = (await parser.parse()).multi_items()
        except MultiPartException as exc:
            raise InvalidOption(
                f"the form cannot be read: send well-formed {_FORM} with at most {most} files "
                f"in the field `{min(shape.files)}` and short option fields"
            ) from exc
        files = [(name, value) for name, value in items if isinstance(value, ReceivedFile)]
        fields = tuple((name, value) for name, value in items if isinstance(value, str))
        links = [value for name, value in fields if name in shape.links and value]
        if not 1 <= len(files) + len(links) <= most or not {name for name, _ in files} <= shape.files:
            raise InvalidOption(
                f"the form holds no document, or more than {most}: send it as the file field `{min(shape.files)}`"
            )
        documents = [Incoming(file.filename or None, await file.writer()) for _, file in files]
        documents += [await self._document(Given(url=link), held, none_kept) for link in links]
        return Upload(fields, tuple(documents))

    async def _new_writer(self, held: AsyncExitStack) -> BlobWriter:
        """Where one document's bytes go."""
        return await held.enter_async_context(self._blobs.new())

    def _check_size(self, size_bytes: int) -> None:
        if size_bytes > self._max_bytes:
            raise _too_large(self._max_bytes)

    # ---- JSON

    async def _json(
        self, request: Request, held: AsyncExitStack, most: int, shape: BodyShape, kept: FindKept
    ) -> Upload:
        limit = min(self._max_bytes * most * 4 // 3 + _OVERHEAD_BYTES, _MAX_JSON_BYTES)
        raw = b"".join([chunk async for chunk in self._bounded(request, limit)])
        # A body near the limit takes a noticeable part of a second to parse.
        body = await asyncio.to_thread(parse_json, raw)
        given = shape.given(body) if shape.given else ()
        if not 1 <= len(given) <= most:
            raise InvalidOption(f"the body holds {len(given):,} documents: send 1 to {most:,}")
        documents = [await self._document(entry, held, kept) for entry in given]
        return Upload(tuple(body.items()), tuple(documents))

    async def _document(self, given: Given, held: AsyncExitStack, kept: FindKept) -> Incoming:
        file = await kept(given)
        writer = await self._new_writer(held)
        if file is not None:
            await self._copy(file, writer)
            return Incoming(given.name or file.name, writer)
        if given.inline is None:
            found = await self._fetch(given.url or "", writer)
            return Incoming(given.name or found, writer)
        try:
            data = await asyncio.to_thread(decoded, given.inline)
            self._check_size(len(data))
        except (DamagedDocument, TooManyBytes) as failure:
            return Incoming(given.name, writer, failure)
        await writer.write(data)
        return Incoming(given.name, writer)

    async def _copy(self, file: KeptFile, writer: BlobWriter) -> None:
        """Receives a file from the disk: it may be deleted while it is read."""
        with await asyncio.to_thread(self._blobs.path(file.sha256).open, "rb") as source:
            while chunk := await asyncio.to_thread(source.read, _CHUNK_BYTES):
                await writer.write(chunk)

    async def _fetch(self, url: str, writer: BlobWriter) -> str | None:
        """Gets a document; returns the name that it has there."""
        async with self._fetcher.fetch(url) as fetched:
            async for chunk in fetched.chunks:
                await writer.write(chunk)
            return fetched.name

    # ---- bodies

    async def _bare(self, request: Request, held: AsyncExitStack) -> Upload:
        writer = await self._new_writer(held)
        async for chunk in self._bounded(request, self._max_bytes):
            await writer.write(chunk)
        return Upload((), (Incoming(None, writer),))

    async def _bounded(self, request: Request, limit_bytes: int) -> AsyncGenerator[bytes, None]:
        """The body's chunks, as long as they stay within the limit."""
        declared = request.headers.get("content-length", "")
        # Python takes no number of thousands of digits: a few of them are too many already.
        received = int(declared[:_LENGTH_DIGITS]) if declared.isdecimal() else 0
        if received <= limit_bytes:
            received = 0
            async for chunk in request.stream():
                received += len(chunk)
                if received > limit_bytes:
                    break
                yield chunk
        if received > limit_bytes:
            raise _too_large(limit_bytes)


def _too_large(limit_bytes: int) -> TooManyBytes:
    return TooManyBytes(
        f"the request is larger than the {limit_bytes:,} bytes that this server takes: "
        "send a smaller document, or raise QUIRE_LIMITS__MAX_BYTES"
    )
