"""The address of a server, and who asks it."""

from __future__ import annotations

from typing import Any, Final

import httpx

from quire.errors import InvalidOption
from quire.release import version

DEFAULT_SERVER: Final = "http://127.0.0.1:8000"
_CONNECT_S: Final = 10.0


def arguments(server: str, key: str | None, timeout_s: float | None) -> dict[str, Any]:
    """What `httpx.Client` and `httpx.AsyncClient` are made with. Redirects are not followed: a key goes to one server.

    Raises:
        InvalidOption: the address is none, or the key cannot be sent.
    """
    headers = {"User-Agent": f"quire-client/{version()}"}
    if key:
        if not (key.isascii() and key.isprintable()):
            raise InvalidOption("the key holds characters that no key has: check where it comes from")
        headers["Authorization"] = f"Bearer {key}"
    return {
        "base_url": _address(server),
        "headers": headers,
        "timeout": httpx.Timeout(timeout_s, connect=_CONNECT_S),
    }


def _address(server: str) -> httpx.URL:
    try:
        url = httpx.URL(server)
    except httpx.InvalidURL as exc:
        raise InvalidOption("the server's address is no URL: write it like http://127.0.0.1:8000") from exc
    if url.scheme not in ("http", "https") or not url.host:
        raise InvalidOption("the server's address is not that of an HTTP server: write it like http://127.0.0.1:8000")
    return url
