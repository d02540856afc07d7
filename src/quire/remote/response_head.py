"""What the head of an answer says. All of it is a claim of a stranger."""

from __future__ import annotations

from email.message import Message
from typing import Final
from urllib.parse import unquote

import httpcore

_MAX_NAME_LENGTH: Final = 255
_DOCUMENT_KINDS: Final = frozenset({"image", "application", "binary"})
_NO_DOCUMENTS: Final = frozenset({"application/json", "application/xhtml+xml", "application/javascript"})


def value(response: httpcore.Response, name: str) -> str | None:
    """The header's first value; None when there is none."""
    wanted = name.encode("ascii")
    found = next((content for header, content in response.headers if header.lower() == wanted), None)
    return None if found is None else found.decode("utf-8", "replace")


def is_encoded(response: httpcore.Response) -> bool:
    """True if the body is compressed, or encoded in another way."""
    return (value(response, "content-encoding") or "identity").strip().lower() not in {"identity", ""}


def size_bytes(response: httpcore.Response) -> int | None:
    """Length of the body; None when unknown."""
    length = value(response, "content-length") or ""
    return int(length) if length.isascii() and length.isdecimal() else None


def media_type(response: httpcore.Response) -> str | None:
    """Type and subtype, lower-case; None when there is none."""
    return (value(response, "content-type") or "").partition(";")[0].strip().lower() or None


def may_be_document(media_type: str | None) -> bool:
    """False if a server calls it by this type only when it is no document. Documents are known by content."""
    if media_type is None:
        return True
    return media_type.partition("/")[0] in _DOCUMENT_KINDS and media_type not in _NO_DOCUMENTS


def file_name(response: httpcore.Response, target: str) -> str | None:
    """The name that the answer gives the file, or else the last part of the URL's path; never with folders."""
    message = Message()
    message["content-disposition"] = "".join(filter(str.isprintable, value(response, "content-disposition") or ""))
    claimed = message.get_filename() or unquote(target.partition("?")[0])
    name = claimed.replace("\\", "/").rpartition("/")[2]
    return "".join(filter(str.isprintable, name)).strip()[:_MAX_NAME_LENGTH] or None
