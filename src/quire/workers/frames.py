"""What goes over the wire between server and worker: a JSON header and raw bytes, each with its length before it.

Never pickle: a worker whose decoder was taken over must not be able to run anything in the server. For the same
reason the server bounds what it takes, and checks the type of every value that it uses.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from quire.exports import utf8

_LENGTHS: Final = struct.Struct("!II")

PREFIX_BYTES: Final = _LENGTHS.size
MAX_BODY_BYTES: Final = 128 * 1024 * 1024
"""The server takes no larger body from a worker."""


class FrameError(Exception):
    """The other side sent what it never sends when it is in order."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    header: Mapping[str, Any]
    body: bytes = b""

    @property
    def kind(self) -> str:
        return self.text("kind")

    def text(self, name: str) -> str:
        value = self.header.get(name)
        if not isinstance(value, str):
            raise FrameError(f"'{name}' is not a text")
        return value

    def integer(self, name: str) -> int:
        value = self.header.get(name)
        if type(value) is not int:
            raise FrameError(f"'{name}' is not an integer")
        return value

    def flag(self, name: str) -> bool:
        value = self.header.get(name)
        if not isinstance(value, bool):
            raise FrameError(f"'{name}' is not a flag")
        return value

    def numbers(self, name: str) -> dict[str, float]:
        """Numbers by name."""
        value = self.header.get(name)
        if not isinstance(value, dict) or not all(type(number) in (int, float) for number in value.values()):
            raise FrameError(f"'{name}' holds no numbers")
        try:
            return {key: float(number) for key, number in value.items()}
        except OverflowError as exc:
            raise FrameError(f"'{name}' holds an endless number") from exc


def compact_json(value: Mapping[str, Any]) -> bytes:
    """JSON without spaces, as UTF-8: what bodies hold."""
    return utf8(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def encode(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """A message as bytes."""
    # ASCII: the name of a file may hold what UTF-8 cannot say.
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    return _LENGTHS.pack(len(text), len(body)) + text + body


def lengths(prefix: bytes) -> tuple[int, int]:
    """Bytes of the header and the body that follow a message's first `PREFIX_BYTES`."""
    header_bytes, body_bytes = _LENGTHS.unpack(prefix)
    return header_bytes, body_bytes


def parse(header: bytes, body: bytes) -> Frame:
    """The message of these bytes.

    Raises:
        FrameError: they are none.
    """
    try:
        values = json.loads(header)
    except (ValueError, RecursionError) as exc:
        raise FrameError("a message has no header") from exc
    if not isinstance(values, dict):
        raise FrameError("a message has no header")
    return Frame(values, body)
