"""Receives a request's body: bounded while it arrives, large files on disk."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect

from quire.errors import (
    Cancelled,
    CapabilityMissing,
    DamagedDocument,
    InvalidOption,
    OutputError,
    TooManyBytes,
    UnsupportedFormat,
)

_FORM: Final = "multipart/form-data"
_JSON: Final = "application/json"
_OVERHEAD_BYTES: Final = 1_000_000
_MAX_JSON_BYTES: Final = 100_000_000
"""JSON is parsed in memory: larger documents come as multipart, which goes to disk."""
_MAX_FIELD_BYTES: Final = 65_536
_MAX_FIELDS: Final = 64


@dataclass(frozen=True, slots=True)
class Upload:
    """What a request carried: option fields as they came, and the document.

    Attributes:
        fields: (name, value) pairs, in order; a name may come twice.
        content: an uploaded file, or base64 text.
    """

    fields: tuple[tuple[str, Any], ...]
    content: UploadFile | str

    @property
    def name(self) -> str | None:
        """The file's name as the client gave it: untrusted, and never a path here."""
        return self.content.filename or None if isinstance(self.content, UploadFile) else None

    def document(self) -> bytes:
        """The document's bytes; blocks.

        Raises:
            DamagedDocument: it is not base64.
        """
        return _decode(self.content) if isinstance(self.content, str) else self.content.file.read()

    def close(self) -> None:
        """Lets the temporary file go."""
        if isinstance(self.content, UploadFile):
            self.content.file.close()


async def receive(request: Request, *, max_bytes: int, timeout_s: float) -> Upload:
    """The upload of a request.

    Args:
        max_bytes: of the document; the body may be larger by what wraps it.

    Raises:
        TooManyBytes: the body is larger, or says so.
        InvalidOption: the body cannot be understood, or holds no document.
        UnsupportedFormat: the body's media type is neither form nor JSON.
        CapabilityMissing: the document is a URL.
        Cancelled: the client left, or took too long.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        async with asyncio.timeout(timeout_s):
            if media_type == _FORM:
                return await _receive_form(request, max_bytes + _OVERHEAD_BYTES)
            if media_type == _JSON:
                return await _receive_json(request, min(max_bytes * 4 // 3 + _OVERHEAD_BYTES, _MAX_JSON_BYTES))
    except TimeoutError as exc:
        raise Cancelled(f"the upload took longer than {timeout_s:g} s: send it faster, or in smaller parts") from exc
    except ClientDisconnect as exc:
        raise Cancelled("the client left during the upload") from exc
    raise UnsupportedFormat(f"send the document as {_FORM} with the field `file`, or as {_JSON} with `base64`")


async def _receive_form(request: Request, limit_bytes: int) -> Upload:
    body = _bounded(request, limit_bytes)
    parser = MultiPartParser(request.headers, body, max_files=1, max_fields=_MAX_FIELDS, max_part_size=_MAX_FIELD_BYTES)
    try:
        items = (await parser.parse()).multi_items()
    except MultiPartException as exc:
        raise InvalidOption(
            f"the form cannot be read: send well-formed {_FORM} with one `file` and short option fields"
        ) from exc
    except OSError as exc:
        raise OutputError("the server cannot store the document: free space where it keeps its files") from exc
    files = [(name, value) for name, value in items if isinstance(value, UploadFile)]
    if [name for name, _ in files] != ["file"]:
        for _, file in files:
            await file.close()
        raise InvalidOption("the form holds no document: send it as the file field `file`")
    fields = tuple((name, value) for name, value in items if not isinstance(value, UploadFile))
    return Upload(fields, files[0][1])


async def _receive_json(request: Request, limit_bytes: int) -> Upload:
    raw = b"".join([chunk async for chunk in _bounded(request, limit_bytes)])
    # A body near the limit takes a noticeable part of a second to parse.
    body = await asyncio.to_thread(_parse_json, raw)
    if "url" in body:
        raise CapabilityMissing("this server does not fetch URLs: send the document as `file` or `base64`")
    content = body.pop("base64", None)
    if not isinstance(content, str):
        raise InvalidOption("the JSON body holds no document: send it as the string `base64`")
    return Upload(tuple(body.items()), content)


def _parse_json(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as exc:
        raise InvalidOption("the body is not valid JSON: send an object with `base64` and options") from exc
    if not isinstance(body, dict):
        raise InvalidOption("the JSON body is not an object: send one with `base64` and options")
    return body


async def _bounded(request: Request, limit_bytes: int) -> AsyncGenerator[bytes, None]:
    """The body's chunks, as long as they stay within the limit."""
    declared = request.headers.get("content-length", "")
    received = int(declared) if declared.isdecimal() else 0
    if received <= limit_bytes:
        received = 0
        async for chunk in request.stream():
            received += len(chunk)
            if received > limit_bytes:
                break
            yield chunk
    if received > limit_bytes:
        raise TooManyBytes(
            f"the request is larger than the {limit_bytes:,} bytes that this server takes: "
            "send a smaller document, or raise QUIRE_LIMITS__MAX_BYTES"
        )


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as exc:
        raise DamagedDocument("`base64` is not base64: encode the file's bytes by RFC 4648, padding included") from exc
