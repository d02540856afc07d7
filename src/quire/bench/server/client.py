"""A small HTTP client: what it costs must not be taken for what the server costs.

It speaks just enough HTTP/1.1 for this server, and packs a request's bytes once for all times that it is sent.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

_BOUNDARY: Final = "quire-bench-7f9c2ba4e88f827d"
_LIMIT_BYTES: Final = 1 << 20


class BrokenExchange(Exception):
    """The server ended a connection, or answered what is not HTTP, while an answer was due."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (names in lower case) and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def packed(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """A whole request, to be sent any number of times."""
    fields = {"Host": "localhost", "Content-Length": str(len(body))} | dict(headers or {})
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode("ascii") + body


def upload(
    path: str, *documents: tuple[str, bytes], keep: bool = False, headers: Mapping[str, str] | None = None
) -> bytes:
    """A request that posts documents, each a name and its bytes, as a form.

    Args:
        keep: lets the server's cache give and keep the pages.
        headers: besides those of the form.
    """
    part = '--{}\r\nContent-Disposition: form-data; name="file"; filename="{}"\r\n\r\n'
    body = b"".join(part.format(_BOUNDARY, name).encode("ascii") + data + b"\r\n" for name, data in documents)
    fields = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"} | dict(headers or {})
    if not keep:
        fields["Cache-Control"] = "no-store"
    return packed("POST", path, body + f"--{_BOUNDARY}--\r\n".encode("ascii"), fields)


@dataclass(slots=True)
class Connection:
    """One connection that is kept open from request to request; for one task. Opens itself when it has to.

    Attributes:
        tls: speaks TLS with the server.
    """

    port: int
    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None, init=False)

    async def ask(self, request: bytes) -> Answer:
        """The answer to a packed request.

        Raises:
            BrokenExchange: there is none.
        """
        try:
            reader, writer = self._streams = await self._open()
            writer.write(request)
            answer = await _answer(reader)
        except (OSError, asyncio.IncompleteReadError, ValueError) as exc:
            self.close()
            raise BrokenExchange(type(exc).__name__) from exc
        except BaseException:
            self.close()
            raise
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The streams there are, unless the server has closed them since."""
        if self._streams is not None and not self._streams[0].at_eof():
            return self._streams
        self.close()
        return await asyncio.open_connection(self.host, self.port, limit=_LIMIT_BYTES, ssl=self.tls)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


async def _answer(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = b"".join([chunk async for chunk in _chunks(reader)])
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Answer(int(first.split(" ")[1]), headers, body)


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int(await reader.readuntil(b"\r\n"), 16):
        yield await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
