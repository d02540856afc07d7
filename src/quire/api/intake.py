"""Receives documents: streamed to disk, hashed on the way, bounded in size, number and time."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from quire.errors import Cancelled, DamagedDocument, InvalidOption, TooManyBytes, UnsupportedFormat
from quire.jobs.blob_writer import BlobWriter
from quire.jobs.blobs import BlobStore
from quire.remote import Fetcher

_FORM: Final = "multipart/form-data"
_JSON: Final = "application/json"
_FILE_FIELDS: Final = frozenset({"file", "files"})
_OVERHEAD_BYTES: Final = 1_000_000
_MAX_JSON_BYTES: Final = 100_000_000
"""JSON is parsed in memory: larger documents come as multipart, which goes to disk."""
_MAX_FIELD_BYTES: Final = 65_536
_MAX_FIELDS: Final = 64
_LENGTH_DIGITS: Final = 20
_SOURCES: Final = ("base64", "url")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A document that has arrived, not yet kept: `writer` decides that.

    Attributes:
        name: as the client gave it: untrusted, and never a path here.
    """

    name: str | None
    writer: BlobWriter


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

    async def receive(self, request: Request, held: AsyncExitStack, *, most: int = 1) -> Upload:
        """The upload of a request.

        Args:
            held: keeps the documents; what its end finds unfinished is removed.
            most: documents that the request may bring.

        Raises:
            TooManyBytes: the body or a document is larger than allowed, or says so.
            InvalidOption: the body cannot be understood, or does not hold one to `most` documents.
            UnsupportedFormat: the body's media type is neither form nor JSON.
            StorageFull, OutputError: there is no room for it.
            UrlRefused, UrlFailed: a URL leads where it must not, or to nothing.
            Cancelled: the client left, or took too long.
        """
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            async with asyncio.timeout(self._timeout_s):
                if media_type == _FORM:
                    return await self._form(request, held, most)
                if media_type == _JSON:
                    return await self._json(request, held, most)
        except TimeoutError as exc:
            raise Cancelled(
                f"the upload took longer than {self._timeout_s:g} s: send it faster, or in smaller parts"
            ) from exc
        except ClientDisconnect as exc:
            raise Cancelled("the client left during the upload") from exc
        raise UnsupportedFormat(
            f"send the document as {_FORM} with the field `file`, or as {_JSON} with `base64` or `url`"
        )

    # ---- forms

    async def _form(self, request: Request, held: AsyncExitStack, most: int) -> Upload:
        body = self._bounded(request, self._max_bytes * most + _OVERHEAD_BYTES)
        try:
            items = (await _FormParser(request, body, self, held, most).parse()).multi_items()
        except MultiPartException as exc:
            raise InvalidOption(
                f"the form cannot be read: send well-formed {_FORM} with at most {most} files "
                "in the field `file` and short option fields"
            ) from exc
        files = [(name, value) for name, value in items if isinstance(value, _ReceivedFile)]
        if not files or not {name for name, _ in files} <= _FILE_FIELDS:
            raise InvalidOption("the form holds no document: send it as the file field `file`")
        documents = [Incoming(file.filename or None, await file.writer()) for _, file in files]
        fields = tuple((name, value) for name, value in items if isinstance(value, str))
        return Upload(fields, tuple(documents))

    async def new_writer(self, held: AsyncExitStack) -> BlobWriter:
        """Where one document's bytes go."""
        return await held.enter_async_context(self._blobs.new())

    def check_size(self, size_bytes: int) -> None:
        """Refuses a document of more bytes than are allowed.

        Raises:
            TooManyBytes: it is.
        """
        if size_bytes > self._max_bytes:
            raise _too_large(self._max_bytes)

    # ---- JSON

    async def _json(self, request: Request, held: AsyncExitStack, most: int) -> Upload:
        limit = min(self._max_bytes * most * 4 // 3 + _OVERHEAD_BYTES, _MAX_JSON_BYTES)
        raw = b"".join([chunk async for chunk in self._bounded(request, limit)])
        # A body near the limit takes a noticeable part of a second to parse.
        body = await asyncio.to_thread(_parse_json, raw)
        listed = body.pop("documents", None)
        entries = [body] if listed is None else listed
        if not isinstance(entries, list) or not 1 <= len(entries) <= most:
            raise InvalidOption(f"`documents` must be a list of 1 to {most} documents")
        documents = [await self._entry(entry, held, named=listed is not None) for entry in entries]
        return Upload(tuple(body.items()), tuple(documents))

    async def _entry(self, entry: Any, held: AsyncExitStack, *, named: bool) -> Incoming:
        sources = [name for name in _SOURCES if isinstance(entry, dict) and name in entry]
        if len(sources) != 1 or not isinstance(content := entry.pop(sources[0]), str):
            raise InvalidOption("the JSON body holds no document: send it as the string `base64`, or its `url`")
        name = entry.pop("name", None)
        if not isinstance(name, str | None):
            raise InvalidOption("`name` is no string: send the name that the document shall have in the result")
        if named and entry:
            raise InvalidOption("an entry of `documents` holds `base64` or `url`, and `name`; options go beside it")
        writer = await self.new_writer(held)
        if sources[0] == "url":
            found = await self._fetch(content, writer)
            return Incoming(name or found, writer)
        data = await asyncio.to_thread(_decode, content)
        self.check_size(len(data))
        await writer.write(data)
        return Incoming(name, writer)

    async def _fetch(self, url: str, writer: BlobWriter) -> str | None:
        """Gets a document; returns the name that it has there."""
        async with self._fetcher.fetch(url) as fetched:
            async for chunk in fetched.chunks:
                await writer.write(chunk)
            return fetched.name

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


class _ReceivedFile(UploadFile):
    """A file of a form; what arrives goes to a blob at once."""

    def __init__(self, like: UploadFile, intake: Intake, held: AsyncExitStack) -> None:
        super().__init__(like.file, filename=like.filename, headers=like.headers)
        like.file.close()
        self._intake = intake
        self._held = held
        self._writer: BlobWriter | None = None
        self._bytes = 0

    async def writer(self) -> BlobWriter:
        if self._writer is None:
            self._writer = await self._intake.new_writer(self._held)
        return self._writer

    async def write(self, data: bytes) -> None:
        self._bytes += len(data)
        self._intake.check_size(self._bytes)
        await (await self.writer()).write(data)

    async def seek(self, offset: int) -> None:
        """Nothing: who reads it reads the blob."""


class _FormParser(MultiPartParser):
    """Starlette's parser, whose files are blobs."""

    # Its own temporary files stay empty.
    spool_max_size = 1

    def __init__(
        self,
        request: Request,
        body: AsyncGenerator[bytes, None],
        intake: Intake,
        held: AsyncExitStack,
        most: int,
    ) -> None:
        super().__init__(request.headers, body, max_files=most, max_fields=_MAX_FIELDS, max_part_size=_MAX_FIELD_BYTES)
        self._intake = intake
        self._held = held

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        part = self._current_part
        if part.file is not None:
            part.file = _ReceivedFile(part.file, self._intake, self._held)


def _parse_json(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as exc:
        raise InvalidOption("the body is not valid JSON: send an object with `base64` or `url`, and options") from exc
    if not isinstance(body, Mapping):
        raise InvalidOption("the JSON body is not an object: send one with `base64` or `url`, and options")
    return dict(body)


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as exc:
        raise DamagedDocument("`base64` is not base64: encode the file's bytes by RFC 4648, padding included") from exc


def _too_large(limit_bytes: int) -> TooManyBytes:
    return TooManyBytes(
        f"the request is larger than the {limit_bytes:,} bytes that this server takes: "
        "send a smaller document, or raise QUIRE_LIMITS__MAX_BYTES"
    )
