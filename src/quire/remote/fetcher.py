"""Fetches documents and posts webhooks, within limits and only where the guard lets it.

Directly on httpcore: nothing here comes from the environment (proxies, credentials), nothing is followed or
decoded behind our back.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Self

import httpcore
import httpx

from quire.errors import TooManyBytes, UnsupportedFormat, UrlFailed
from quire.release import version
from quire.remote import response_head as head
from quire.remote.failures import as_url_failures
from quire.remote.guard import Guard
from quire.remote.pinned import PinnedBackend
from quire.remote.web_address import WebAddress, parse

_CONNECT_TIMEOUT_S: Final = 10.0
_SILENCE_TIMEOUT_S: Final = 30.0
_MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_TIMEOUTS: Final = {
    "connect": _CONNECT_TIMEOUT_S,
    "read": _SILENCE_TIMEOUT_S,
    "write": _SILENCE_TIMEOUT_S,
    "pool": _SILENCE_TIMEOUT_S,
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a URL answered, its body still on the way.

    Attributes:
        name: of the file, untrusted and never a path; None when neither the answer nor the URL has one.
        media_type: as the server claims, lower-case, without parameters; None when it claims none.
        size_bytes: as the server claims; None when it does not say.
        chunks: the body, to be read once; raises UrlFailed and TooManyBytes.
    """

    name: str | None
    media_type: str | None
    size_bytes: int | None
    chunks: AsyncIterator[bytes]


class Fetcher:
    """One pool of connections that never leave what the guard allows, for one event loop.

    Args:
        guard: decides about each host, at each connection.
        max_bytes: the most that one document may have.
        timeout_s: time in all for one document, and for one post.
        max_connections: open at the same time; more requests wait.
        ssl_context: whom to trust; what `SSL_CERT_FILE` or certifi name when absent.
    """

    def __init__(
        self,
        guard: Guard,
        *,
        max_bytes: int,
        timeout_s: float = 60.0,
        max_connections: int = 32,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._max_bytes = max_bytes
        self._timeout_s = timeout_s
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context or httpx.create_ssl_context(),
            max_connections=max_connections,
            # A connection that is used again was judged when it was made; none is kept long enough to matter.
            keepalive_expiry=5.0,
            network_backend=PinnedBackend(guard),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._pool.aclose()

    @asynccontextmanager
    async def fetch(self, url: str) -> AsyncIterator[Fetched]:
        """What lies at the URL; up to five redirects are followed, each judged like the URL itself.

        Raises:
            UrlRefused: the URL, or a redirect, leads where requests must not go.
            UrlFailed: it could not be had, or not in time.
            TooManyBytes: it is larger than `max_bytes`.
            UnsupportedFormat: the server says that it is no document, but a web page for example.
        """
        deadline = asyncio.get_running_loop().time() + self._timeout_s
        response, address = await self._follow(parse(url), deadline)
        try:
            yield self._received(response, address, deadline)
        finally:
            await response.aclose()

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Sends the body and returns the status of the answer, whose body nobody reads; follows no redirect.

        Raises:
            UrlRefused: the URL leads where requests must not go.
            UrlFailed: no answer came, or not in time.
        """
        address = parse(url)
        with as_url_failures():
            async with asyncio.timeout(self._timeout_s):
                response = await self._pool.handle_async_request(_request("POST", address, headers, body))
                await response.aclose()
        return response.status

    async def _follow(self, address: WebAddress, deadline: float) -> tuple[httpcore.Response, WebAddress]:
        """The first answer that is no redirect, and where it came from."""
        for _ in range(_MAX_REDIRECTS + 1):
            response = await self._get(address, deadline)
            location = head.value(response, "location")
            if response.status not in _REDIRECTS or location is None:
                return response, address
            await response.aclose()
            address = address.join(location)
        raise UrlFailed(f"the URL leads to more than {_MAX_REDIRECTS} redirects: use the address it ends at")

    async def _get(self, address: WebAddress, deadline: float) -> httpcore.Response:
        headers = {"Accept": "application/pdf, image/*, */*;q=0.5", "Accept-Encoding": "identity"}
        with as_url_failures():
            async with asyncio.timeout_at(deadline):
                return await self._pool.handle_async_request(_request("GET", address, headers))

    def _received(self, response: httpcore.Response, address: WebAddress, deadline: float) -> Fetched:
        if response.status != httpx.codes.OK:
            raise UrlFailed(f"the URL's server answered {response.status}: check the address")
        if head.is_encoded(response):
            raise UrlFailed("the URL's server sends compressed bytes though asked not to: send the document itself")
        media_type = head.media_type(response)
        if not head.may_be_document(media_type):
            raise UnsupportedFormat(f"the URL holds {media_type}, not a document: use the address of the file itself")
        size_bytes = head.size_bytes(response)
        if size_bytes is not None and size_bytes > self._max_bytes:
            raise self._too_large()
        name = head.file_name(response, address.target)
        return Fetched(name, media_type, size_bytes, self._chunks(response, deadline))

    async def _chunks(self, response: httpcore.Response, deadline: float) -> AsyncIterator[bytes]:
        received = 0
        chunks = response.aiter_stream()
        while True:
            with as_url_failures():
                async with asyncio.timeout_at(deadline):
                    chunk = await anext(chunks, None)
            if chunk is None:
                return
            received += len(chunk)
            if received > self._max_bytes:
                raise self._too_large()
            yield chunk

    def _too_large(self) -> TooManyBytes:
        return TooManyBytes(f"what lies at the URL is larger than {self._max_bytes} bytes: split it")


def _request(
    method: str, address: WebAddress, headers: Mapping[str, str], body: bytes | None = None
) -> httpcore.Request:
    own = {"Host": address.authority, "User-Agent": f"quire/{version()}"}
    if body is not None:
        own["Content-Length"] = str(len(body))
    url = httpcore.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target)
    pairs = [(name.encode(), value.encode()) for name, value in {**headers, **own}.items()]
    return httpcore.Request(method, url, headers=pairs, content=body, extensions={"timeout": _TIMEOUTS})
