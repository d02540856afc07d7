"""Keeps this server from being used to reach what only it can reach (server-side request forgery).

A host is resolved, all its addresses are judged, and the connection is made to one of those that were judged
(see `quire.remote.pinned`): a name that resolves differently the next time is no way around. What this cannot
know: public addresses behind which an operator keeps private things.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Final

from quire.errors import UrlFailed, UrlRefused
from quire.remote.networks import IPAddress, NetworkPolicy
from quire.remote.web_address import WebAddress, parse

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port → addresses as text, the preferred ones first. Raises OSError or UnicodeError."""

_RESOLVE_TIMEOUT_S: Final = 5.0

# Of our own: a name server that never answers must not hold the threads that others wait for.
_threads: Final = ThreadPoolExecutor(8, thread_name_prefix="quire-resolve")


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """What the operating system resolves the name to."""
    found = await asyncio.get_running_loop().run_in_executor(
        _threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    )
    return [str(entry[4][0]) for entry in found]


class Guard:
    """Decides where requests on behalf of others may go.

    Args:
        allow_networks: networks in CIDR notation that may be reached though they are not public.
        resolve: how names become addresses.

    Raises:
        InvalidOption: a network is not one.
    """

    def __init__(self, allow_networks: Iterable[str] = (), *, resolve: Resolve = system_resolve) -> None:
        self._policy = NetworkPolicy(allow_networks)
        self._resolve = resolve

    async def check(self, url: str) -> WebAddress:
        """The URL, taken apart, if it may be requested as things are now.

        Raises:
            UrlRefused: it is malformed, or leads where requests must not go.
            UrlFailed: its host has no address.
        """
        address = parse(url)
        await self.addresses(address.host, address.port)
        return address

    async def addresses(self, host: str, port: int) -> tuple[IPAddress, ...]:
        """The host's addresses, all of which may be connected to; at least one.

        Raises:
            UrlRefused: at least one of them must not be connected to.
            UrlFailed: there are none, or the name server does not answer.
        """
        found = tuple(dict.fromkeys(await self._look_up(host, port)))
        if not found:
            raise _unknown()
        if not all(self._policy.allows(address) for address in found):
            raise UrlRefused(
                "the URL leads into a network that this server must not reach for others: use a public address, "
                "or have the operator add the network to QUIRE_URLS__ALLOW_NETWORKS"
            )
        return found

    async def _look_up(self, host: str, port: int) -> Iterable[IPAddress]:
        literal = _literal(host)
        if literal is not None:
            return [literal]
        try:
            async with asyncio.timeout(_RESOLVE_TIMEOUT_S):
                return [ip_address(text) for text in await self._resolve(host, port)]
        except (OSError, ValueError) as exc:
            raise _unknown() from exc


def _literal(host: str) -> IPAddress | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _unknown() -> UrlFailed:
    return UrlFailed("the URL's host cannot be found: check its spelling, or try again later")
