"""Whoever asks, once they are known."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from quire.errors import Forbidden

SCOPES: Final = frozenset({"read", "jobs", "admin"})
"""read: documents, at once; jobs: documents, as jobs; admin: everything, and what concerns the whole server."""

_CLIENT_PREFIX_V6: Final = 64


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated key or token.

    Attributes:
        id: unique and stable; owns jobs. Empty for everyone on a server that asks nobody.
        name: for people; not unique.
        scopes: what it may do.
        rate: requests it may make, like "10/second"; the server's default when None.
        quota: pages it may have read, like "10000/day"; the server's default when None.
    """

    id: str
    name: str
    scopes: frozenset[str]
    rate: str | None = None
    quota: str | None = None

    def require(self, scope: str) -> None:
        """Does nothing if the principal has the scope, or the scope admin.

        Raises:
            Forbidden: it has neither.
        """
        if self.scopes.isdisjoint({scope, "admin"}):
            raise Forbidden(f"this key or token lacks the scope '{scope}': use one that has it")

    def counted_as(self, client: str) -> str:
        """The name under which requests and pages are counted.

        Args:
            client: address of the client; counts where the principal is everyone. All addresses of one IPv6
                network count as one, because a client has as many as it likes.
        """
        return self.id or f"@{_client_network(client)}"


ANYONE: Final = Principal("", "anyone", SCOPES)
"""Everyone, on a server that asks nobody."""


def _client_network(client: str) -> str:
    try:
        address = ip_address(client.partition("%")[0])
    except ValueError:
        return client
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return str(ip_network((address, _CLIENT_PREFIX_V6), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
