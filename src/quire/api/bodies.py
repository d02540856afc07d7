"""How requests carry documents: as files of a form, within JSON, or as the body itself."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from quire.errors import DamagedDocument, InvalidOption

_SOURCES: Final = ("base64", "url")
_DATA: Final = "data:"


@dataclass(frozen=True, slots=True)
class Given:
    """A document as JSON holds it.

    Attributes:
        base64: its bytes, alone or as a `data:` URL; exactly one of this, `url` and `file` is there.
        url: where it is; a `data:` URL is itself the document.
        file: id of a file that was uploaded before.
        name: as the client gave it.
    """

    base64: str | None = field(default=None, repr=False)
    url: str | None = field(default=None, repr=False)
    name: str | None = None
    file: str | None = None

    @property
    def inline(self) -> str | None:
        """The document itself, encoded; None where it has to be fetched."""
        return self.url if self.url is not None and is_data(self.url) else self.base64


@dataclass(frozen=True, slots=True)
class BodyShape:
    """How one API carries documents.

    Attributes:
        files: names of the form fields that hold them.
        links: names of the form fields that hold their addresses.
        given: takes the documents out of a JSON object; what it leaves are option fields. None takes no JSON.
        bare: whether a body of any other media type is itself the document.
    """

    files: frozenset[str] = frozenset()
    given: Callable[[dict[str, Any]], Sequence[Given]] | None = None
    links: frozenset[str] = frozenset()
    bare: bool = False

    @property
    def advice(self) -> str:
        """How to send a document, for people."""
        ways = [f"multipart/form-data with the field `{name}`" for name in sorted(self.files)[:1]]
        ways += ["application/json"] if self.given else []
        return f"send the document as {' or '.join(ways)}"


def native_documents(body: dict[str, Any]) -> Sequence[Given]:
    """The documents of `/v1/read` and `/v1/jobs`: `base64` or `url`, or a list of such as `documents`.

    Raises:
        InvalidOption: it is none of these.
    """
    listed = body.pop("documents", None)
    if listed is None:
        return [_native(body)]
    if not isinstance(listed, list):
        raise InvalidOption("`documents` must be a list of documents")
    documents = [_native(entry) for entry in listed]
    if any(listed):
        raise InvalidOption("an entry of `documents` holds `base64` or `url`, and `name`; options go beside it")
    return documents


def _native(entry: Any) -> Given:
    sources = [name for name in _SOURCES if isinstance(entry, dict) and name in entry]
    if len(sources) != 1 or not isinstance(content := entry.pop(sources[0]), str):
        raise InvalidOption("the JSON body holds no document: send it as the string `base64`, or its `url`")
    name = entry.pop("name", None)
    if not isinstance(name, str | None):
        raise InvalidOption("`name` is no string: send the name that the document shall have in the result")
    return Given(content, None, name) if sources[0] == "base64" else Given(None, content, name)


NATIVE: Final = BodyShape(frozenset({"file", "files"}), native_documents)


def parse_json(raw: bytes) -> dict[str, Any]:
    """The JSON object of a body.

    Raises:
        InvalidOption: it is none.
    """
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError) as exc:
        raise InvalidOption("the body is not valid JSON: send an object with the document, and options") from exc
    if not isinstance(body, Mapping):
        raise InvalidOption("the JSON body is not an object: send one with the document, and options")
    return dict(body)


def is_data(url: str) -> bool:
    """Whether the URL is itself the document."""
    return url[: len(_DATA)].lower() == _DATA


def decoded(text: str) -> bytes:
    """The bytes of base64, which may stand in a `data:` URL.

    Raises:
        DamagedDocument: it is no base64.
    """
    head, comma, payload = text.partition(",")
    if comma and is_data(head) and not head.lower().endswith(";base64"):
        raise DamagedDocument("the data: URL is not in base64: write data:image/png;base64, and the encoded bytes")
    encoded = payload if comma and is_data(head) else text
    try:
        return base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError) as exc:
        raise DamagedDocument("`base64` is not base64: encode the file's bytes by RFC 4648, padding included") from exc
