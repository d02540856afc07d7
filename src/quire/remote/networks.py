"""Which addresses belong to the public internet, and which IPv4 addresses hide inside IPv6 ones.

After the IANA registries of special-purpose addresses (RFC 6890 and its updates). The tables are our own, because
what Python's `ipaddress` calls global differs between its versions, and because for IPv6 the safe question is
what may be reached, not what may not.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final

from quire.errors import InvalidOption

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

_SPECIAL_V4: Final = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers (CGNAT)
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # IETF protocols
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT relays
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)

_UNICAST_V6: Final = IPv6Network("2000::/3")  # all that was ever given out
_SPECIAL_V6: Final = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocols, among them Teredo and ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # 6bone, given back
        "3fff::/20",  # documentation
    )
)

_NAT64: Final = IPv6Network("64:ff9b::/96")
_ENDS_IN_V4: Final = (
    _NAT64,
    IPv6Network("64:ff9b:1::/48"),  # NAT64 of a site
    IPv6Network("::/96"),  # IPv4-compatible
    IPv6Network("::ffff:0:0:0/96"),  # IPv4-translated
)
_6TO4: Final = IPv6Network("2002::/16")
_TEREDO: Final = IPv6Network("2001::/32")
_ISATAP_MARKS: Final = frozenset({0x0000_5EFE, 0x0200_5EFE})

_METADATA: Final[frozenset[IPAddress]] = frozenset(
    {
        IPv4Address("169.254.169.254"),  # nearly every cloud
        IPv4Address("169.254.170.2"),  # ECS
        IPv4Address("169.254.170.23"),  # EKS
        IPv4Address("100.100.100.200"),  # Alibaba
        IPv4Address("168.63.129.16"),  # Azure; a public address
        IPv4Address("192.0.0.192"),  # Oracle
        IPv6Address("fd00:ec2::254"),  # EC2
        IPv6Address("fd00:ec2::23"),  # EKS
        IPv6Address("fd20:ce::254"),  # Google
    }
)
"""Services that hand a machine its own credentials."""


class NetworkPolicy:
    """Says which addresses may be connected to.

    The public internet may; so may what the operator allows. Metadata services of clouds may not, even inside an
    allowed network, unless they are allowed by exactly their address.

    Args:
        allow: networks in CIDR notation, or single addresses.

    Raises:
        InvalidOption: one of them is not a network.
    """

    def __init__(self, allow: Iterable[str] = ()) -> None:
        self._allowed = tuple(_network(text) for text in allow)

    def allows(self, address: IPAddress) -> bool:
        """True if the address may be connected to."""
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            # To an operating system this is the IPv4 address.
            return self.allows(address.ipv4_mapped)
        if not _METADATA.isdisjoint({address, *embedded(address)}):
            return any(network.num_addresses == 1 and address in network for network in self._allowed)
        return any(address in network for network in self._allowed) or self._is_public(address)

    def _is_public(self, address: IPAddress) -> bool:
        if isinstance(address, IPv4Address):
            return not any(address in network for network in _SPECIAL_V4)
        inside = all(self.allows(found) for found in embedded(address))
        if address in _NAT64:
            return inside
        return inside and address in _UNICAST_V6 and not any(address in network for network in _SPECIAL_V6)


def embedded(address: IPAddress) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that a tunnel or a translator would take out of an IPv6 address."""
    if isinstance(address, IPv4Address):
        return ()
    number = int(address)
    found = []
    if (number >> 32) & 0xFFFF_FFFF in _ISATAP_MARKS or any(address in network for network in _ENDS_IN_V4):
        found.append(number & 0xFFFF_FFFF)
    if address in _6TO4:
        found.append((number >> 80) & 0xFFFF_FFFF)
    if address in _TEREDO:
        found += [(number >> 64) & 0xFFFF_FFFF, ~number & 0xFFFF_FFFF]
    return tuple(IPv4Address(value) for value in found)


def _network(text: str) -> IPNetwork:
    try:
        return ip_network(text)
    except ValueError as exc:
        raise InvalidOption(
            f"'{text}' is not a network: write it like 10.1.0.0/16 or fd00::/8, with no bits set after the prefix"
        ) from exc
