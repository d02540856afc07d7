"""Connections that go only to addresses the guard has judged. TLS and the header Host keep the name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import httpcore
from httpcore import SOCKET_OPTION, AsyncNetworkBackend, AsyncNetworkStream

from quire.remote.guard import Guard

_MAX_TRIES: Final = 4


class PinnedBackend(AsyncNetworkBackend):
    """Resolves and judges each host itself, so that nothing is resolved a second time for the connection."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """A connection to the first of the host's addresses that takes it.

        Raises:
            UrlRefused: the host, or one of its addresses, must not be connected to.
            UrlFailed: the host has no address.
            httpcore.ConnectError, httpcore.ConnectTimeout: none takes it.
        """
        failure: Exception | None = None
        for address in (await self._guard.addresses(host, port))[:_MAX_TRIES]:
            try:
                return await self._network.connect_tcp(str(address), port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
        raise httpcore.ConnectError("no address of the host takes a connection") from failure
