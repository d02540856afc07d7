"""Connections to one server, kept open from request to request."""

from __future__ import annotations

import ssl
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Final, cast

import httpx

KEEPALIVE_S: Final = 4.0
"""Below the five seconds after which vLLM closes a connection: a request must not meet its end."""

_ONE: Final = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEPALIVE_S)


class Connections(httpx.AsyncBaseTransport):
    """As many connections as there are requests at once; the one that was used last is used next.

    The pool of httpx looks at every connection for each request, twice, and asks the system about those that are
    idle: with 200 of them a request costs 12 ms of processor time there, and 1 ms here (one Xeon core). So each
    connection is a pool of its own, which httpx opens again whenever it has to.

    Args:
        verify: for https.
    """

    def __init__(self, verify: ssl.SSLContext) -> None:
        self._verify = verify
        self._idle: deque[tuple[float, httpx.AsyncHTTPTransport]] = deque()
        self._all: set[httpx.AsyncHTTPTransport] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._drop_old()
        connection = self._idle.pop()[1] if self._idle else self._open()
        try:
            answer = await connection.handle_async_request(request)
        except BaseException:
            self._give_back(connection)
            raise
        stream = _Lent(cast("httpx.AsyncByteStream", answer.stream), partial(self._give_back, connection))
        return httpx.Response(answer.status_code, headers=answer.headers, stream=stream, extensions=answer.extensions)

    async def aclose(self) -> None:
        self._idle.clear()
        while self._all:
            await self._all.pop().aclose()

    def _open(self) -> httpx.AsyncHTTPTransport:
        connection = httpx.AsyncHTTPTransport(verify=self._verify, trust_env=False, limits=_ONE)
        self._all.add(connection)
        return connection

    def _give_back(self, connection: httpx.AsyncHTTPTransport) -> None:
        self._idle.append((time.monotonic(), connection))

    async def _drop_old(self) -> None:
        """Closes what has not been needed for a while, and the server has closed as well."""
        while self._idle and self._idle[0][0] < time.monotonic() - KEEPALIVE_S:
            _, connection = self._idle.popleft()
            self._all.discard(connection)
            await connection.aclose()


class _Lent(httpx.AsyncByteStream):
    """An answer's bytes; its end gives the connection back."""

    def __init__(self, stream: httpx.AsyncByteStream, give_back: Callable[[], None]) -> None:
        self._stream = stream
        self._give_back = give_back

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._stream)

    async def aclose(self) -> None:
        await self._stream.aclose()
        self._give_back()
