"""`Client` and `AsyncClient` behind one face that waits, and transports that fail as they are told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from inspect import isawaitable
from typing import Any, TypeAlias

import httpx

from quire.client import AsyncClient, Client, Retries

QUICK = Retries(first_s=0.01)

Fault: TypeAlias = Callable[[httpx.Request], httpx.Response] | int | None
"""What becomes of a request: an answer of the test's own, or a real one of which so many bytes arrive, or all."""


class Blocking:
    """`Client`, which is as it should be."""

    def __init__(self, server: str, *, retries: Retries = QUICK, faults: Sequence[Fault] = (), **rest: Any) -> None:
        self.transport = FaultyTransport(faults)
        self._client = Client(server, retries=retries, transport=self.transport, **rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


class Waiting:
    """`AsyncClient`, each of whose calls is waited for."""

    def __init__(self, server: str, *, retries: Retries = QUICK, faults: Sequence[Fault] = (), **rest: Any) -> None:
        self.transport = FaultyAsyncTransport(faults)
        self._client = AsyncClient(server, retries=retries, transport=self.transport, **rest)
        self._loop = asyncio.new_event_loop()

    def __getattr__(self, name: str) -> Any:
        return partial(self._waited, getattr(self._client, name))

    def close(self) -> None:
        self._loop.run_until_complete(self._client.aclose())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def _waited(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        result = method(*arguments, **named)
        if isawaitable(result):
            return self._loop.run_until_complete(result)
        return self._each(result)

    def _each(self, values: Any) -> Iterator[Any]:
        try:
            while (value := self._loop.run_until_complete(anext(values, None))) is not None:
                yield value
        finally:
            self._loop.run_until_complete(values.aclose())


Asking: TypeAlias = Blocking | Waiting
KINDS: dict[str, type[Asking]] = {"Client": Blocking, "AsyncClient": Waiting}


class _Faults:
    """Faults by turn; when they are used up, all goes well."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.requests: list[httpx.Request] = []
        self._faults = iter(faults)

    def next(self, request: httpx.Request) -> Fault:
        self.requests.append(request)
        return next(self._faults, None)


class FaultyTransport(_Faults, httpx.HTTPTransport):
    def __init__(self, faults: Sequence[Fault]) -> None:
        _Faults.__init__(self, faults)
        httpx.HTTPTransport.__init__(self, verify=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        fault = self.next(request)
        if callable(fault):
            return fault(request)
        response = super().handle_request(request)
        return response if fault is None else _cut(response, _CutStream(response.stream, fault))


class FaultyAsyncTransport(_Faults, httpx.AsyncHTTPTransport):
    def __init__(self, faults: Sequence[Fault]) -> None:
        _Faults.__init__(self, faults)
        httpx.AsyncHTTPTransport.__init__(self, verify=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        fault = self.next(request)
        if callable(fault):
            return fault(request)
        response = await super().handle_async_request(request)
        return response if fault is None else _cut(response, _AsyncCutStream(response.stream, fault))


def _cut(response: httpx.Response, stream: Any) -> httpx.Response:
    return httpx.Response(response.status_code, headers=response.headers, stream=stream)


class _CutStream(httpx.SyncByteStream):
    """As many bytes of a body as there are to be, then a connection that breaks."""

    def __init__(self, whole: Any, size: int) -> None:
        self._whole = whole
        self._left = size

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._whole:
            yield chunk[: self._left]
            self._left -= len(chunk)
            if self._left <= 0:
                raise httpx.RemoteProtocolError("the connection broke")

    def close(self) -> None:
        self._whole.close()


class _AsyncCutStream(httpx.AsyncByteStream):
    def __init__(self, whole: Any, size: int) -> None:
        self._whole = whole
        self._left = size

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._whole:
            yield chunk[: self._left]
            self._left -= len(chunk)
            if self._left <= 0:
                raise httpx.RemoteProtocolError("the connection broke")

    async def aclose(self) -> None:
        await self._whole.aclose()


def answer(status: int, body: Any = None, **headers: str) -> Fault:
    """An answer in the server's place: a problem's `code`, or text."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, str) and body.isidentifier():
        body = {"code": body, "detail": "it is so"}
    content = {"json": body} if isinstance(body, dict) else {"text": body or ""}
    return lambda request: httpx.Response(status, headers=named, **content)


def broken(kind: type[httpx.TransportError] = httpx.ReadError) -> Fault:
    """A connection that breaks before anything is answered."""

    def fail(request: httpx.Request) -> httpx.Response:
        raise kind("the connection broke", request=request)

    return fail
