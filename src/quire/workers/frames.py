"""What goes over the wire between server and worker: a JSON header and raw bytes, each with its length before it.

Never pickle: a worker whose decoder was taken over must not be able to run anything in the server. For the same
reason the server bounds what it takes, and checks the type of every value that it uses.
"""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from quire.exports import utf8

_LENGTHS: Final = struct.Struct("!II")

MAX_HEADER_BYTES: Final = 64 * 1024
MAX_BODY_BYTES: Final = 128 * 1024 * 1024
"""What the server takes from a worker; the JSON of a page full of words has some 200 KB."""


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


async def receive(stream: asyncio.StreamReader) -> Frame:
    """The next message of a worker.

    Raises:
        FrameError: it is too large, or no message.
        IncompleteReadError, OSError: the worker is gone.
    """
    header_bytes, body_bytes = _LENGTHS.unpack(await stream.readexactly(_LENGTHS.size))
    if header_bytes > MAX_HEADER_BYTES or body_bytes > MAX_BODY_BYTES:
        raise FrameError("a message is too large")
    header = await stream.readexactly(header_bytes)
    return _parse(header, await stream.readexactly(body_bytes))


def receive_blocking(stream: BinaryIO) -> Frame | None:
    """The next message of the server, which is trusted; None when the server is gone."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    header_bytes, body_bytes = _LENGTHS.unpack(lengths)
    content = stream.read(header_bytes + body_bytes)
    if len(content) < header_bytes + body_bytes:
        return None
    return _parse(content[:header_bytes], content[header_bytes:])


def _parse(header: bytes, body: bytes) -> Frame:
    try:
        values = json.loads(header)
    except (ValueError, RecursionError) as exc:
        raise FrameError("a message has no header") from exc
    if not isinstance(values, dict):
        raise FrameError("a message has no header")
    return Frame(values, body)
