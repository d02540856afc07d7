"""A URL, taken apart once, strictly. What is checked, what is connected to and what is sent all come from here,
so no second parser can read the URL differently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna

from quire.errors import UrlRefused

_MAX_LENGTH: Final = 8192
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_FIRST_FREE_PORT: Final = 1024
_AUTHORITY: Final = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\[\]:@%]+))(?::(?P<port>[0-9]{0,5}))?")
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_MAX_NAME_LENGTH: Final = 253
_KEPT_IN_TARGET: Final = "%/:?[]@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class WebAddress:
    """Where a request goes.

    Attributes:
        scheme: "http" or "https".
        host: a name in lower-case ASCII without its trailing dot, or an address as it is usually written,
            without brackets.
        port: 80, 443 or at least 1024.
        target: path and query, ASCII.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host, and port unless it is the scheme's own, as the header Host has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def join(self, location: str) -> WebAddress:
        """Where a redirect from here to `location` leads.

        Raises:
            UrlRefused: see `parse`.
        """
        try:
            return parse(urljoin(f"{self.scheme}://{self.authority}{self.target}", location))
        except ValueError as exc:
            raise _malformed() from exc


def parse(url: str) -> WebAddress:
    """The URL, taken apart.

    Ports below 1024 belong to services that are not for documents (mail, shells, databases), so of those only 80
    and 443 are allowed.

    Raises:
        UrlRefused: it is malformed, holds a user name or a password, has another scheme or a forbidden port, or
            writes its host in a way that programs disagree about (`0x7f.1`, `017700000001`, `2130706433`).
    """
    if len(url) > _MAX_LENGTH or not url.isprintable() or " " in url or "\\" in url:
        raise _malformed()
    try:
        parts = urlsplit(url)
    except ValueError as exc:
        raise _malformed() from exc
    if parts.scheme not in _DEFAULT_PORTS:
        raise UrlRefused("a URL must start with http:// or https://")
    if "@" in parts.netloc:
        raise UrlRefused("a URL must not hold a user name or a password: leave out what stands before '@'")
    found = _AUTHORITY.fullmatch(parts.netloc)
    if found is None:
        raise _malformed()
    host = _ipv6(found["v6"]) if found["v6"] else _name(found["name"])
    return WebAddress(parts.scheme, host, _port(found["port"], parts.scheme), _target(parts))


def _malformed() -> UrlRefused:
    return UrlRefused("the URL is malformed: write it like https://example.com/document.pdf")


def _ipv6(text: str) -> str:
    try:
        return str(IPv6Address(text))
    except AddressValueError as exc:
        raise _malformed() from exc


def _name(text: str) -> str:
    """The host in lower-case ASCII; full-width digits and the like have become what a resolver would see."""
    try:
        name = text.lower() if text.isascii() else idna.encode(text, uts46=True).decode("ascii")
    except UnicodeError as exc:
        raise _malformed() from exc
    name = name.removesuffix(".")
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(name)
    if len(name) > _MAX_NAME_LENGTH or not all(_LABEL.fullmatch(label) for label in labels):
        raise _malformed()
    return name


def _ipv4(text: str) -> str:
    """A host that ends in a number is an address to a resolver, so it must be one here, in its only clear form."""
    try:
        return str(IPv4Address(text))
    except AddressValueError as exc:
        raise UrlRefused("write the address of the URL's host as four decimal numbers, like 192.0.2.1") from exc


def _port(text: str | None, scheme: str) -> int:
    port = int(text) if text else _DEFAULT_PORTS[scheme]
    if port not in _DEFAULT_PORTS.values() and not _FIRST_FREE_PORT <= port <= 65535:
        raise UrlRefused("the URL's port must be 80, 443, or 1024 to 65535")
    return port


def _target(parts: SplitResult) -> str:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return quote(target, safe=_KEPT_IN_TARGET)
