"""The issuer's public keys: fetched when they are needed, kept for a while, and longer when the issuer is away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Final

import httpx
import jwt
import structlog

from quire.errors import AccessUnavailable, Unauthenticated

ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
)

_FRESH_S: Final = 300.0
_USABLE_S: Final = 86_400.0
_PAUSE_S: Final = 10.0
_TIMEOUT_S: Final = 5.0
_MAX_BYTES: Final = 1_000_000

_log = structlog.get_logger(__name__)


class KeySet:
    """Keys by their ids.

    A token with an unknown key id has the set fetched again, since issuers change keys, but not more often than
    every ten seconds: strangers choose what stands in a token.

    Args:
        client: fetches the set; one of our own when absent. Closed by `aclose` either way.
        clock: seconds, monotonic.
    """

    def __init__(self, url: str, *, client: httpx.AsyncClient | None, clock: Callable[[], float]) -> None:
        self._url = url
        self._client = client or httpx.AsyncClient(timeout=_TIMEOUT_S)
        self._clock = clock
        self._lock = asyncio.Lock()
        self._keys: tuple[jwt.PyJWK, ...] = ()
        self._fetched_at = -float("inf")
        self._tried_at = -float("inf")

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    async def key(self, key_id: object) -> jwt.PyJWK:
        """The key with that id; the only key there is, for a token that names none.

        Raises:
            Unauthenticated: the issuer has no such key.
            AccessUnavailable: there are no keys, and they cannot be had now.
        """
        if self._clock() - self._fetched_at > _FRESH_S or self._find(key_id) is None:
            await self._refresh(key_id)
        if self._clock() - self._fetched_at > _USABLE_S:
            raise AccessUnavailable(
                "the token cannot be checked now: the address of the issuer's public keys does not answer",
                retry_after_s=_PAUSE_S,
            )
        found = self._find(key_id)
        if found is None:
            raise Unauthenticated("the token is signed with a key that its issuer does not publish: get a new one")
        return found

    def _find(self, key_id: object) -> jwt.PyJWK | None:
        matching = [key for key in self._keys if key_id is None or key.key_id == key_id]
        return matching[0] if len(matching) == 1 else None

    async def _refresh(self, key_id: object) -> None:
        asked_at = self._clock()
        async with self._lock:
            # Whoever held the lock may have fetched what we came for.
            if self._tried_at >= asked_at or asked_at - self._tried_at < _PAUSE_S:
                return
            self._tried_at = self._clock()
            try:
                self._keys = _usable(await self._fetch())
                self._fetched_at = self._clock()
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, jwt.PyJWTError, ValueError, TypeError) as exc:
                _log.warning("jwks_not_fetched", reason=type(exc).__name__)

    async def _fetch(self) -> bytes:
        body = b""
        async with asyncio.timeout(_TIMEOUT_S), self._client.stream("GET", self._url) as response:
            response.raise_for_status()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > _MAX_BYTES:
                    raise ValueError("the key set is too large")
        return body


def _usable(body: bytes) -> tuple[jwt.PyJWK, ...]:
    """The keys of the set that may verify signatures."""
    found = jwt.PyJWKSet.from_dict(json.loads(body)).keys
    return tuple(key for key in found if key.algorithm_name in ALGORITHMS and key.public_key_use in {None, "sig"})
