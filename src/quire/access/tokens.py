"""JSON Web Tokens: signed by the one issuer, for this service, with an asymmetric key.

Symmetric algorithms are never taken: with them, a public key could pass for a secret (RFC 8725).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx
import jwt

from quire.access.jwks import ALGORITHMS, KeySet
from quire.access.principal import SCOPES, Principal
from quire.errors import Unauthenticated

_LEEWAY_S: Final = 30.0
_REQUIRED: Final = ["exp", "iss", "aud", "sub"]
_MAX_SUBJECT_LENGTH: Final = 255
_SCOPE_PREFIX: Final = "quire:"


class JwtCheck:
    """See `TokenCheck` and `open_token_check`.

    Args:
        client: fetches the key set; one of our own when absent. Closed by `aclose` either way.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        *,
        jwks_url: str,
        issuer: str,
        audience: str,
        scope_claim: str = "scope",
        client: httpx.AsyncClient | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys = KeySet(jwks_url, client=client, clock=clock)
        self._issuer = issuer
        self._audience = audience
        self._scope_claim = scope_claim
        self._jwt = jwt.PyJWT({"enforce_minimum_key_length": True})

    async def aclose(self) -> None:
        await self._keys.aclose()

    async def principal(self, token: str) -> Principal:
        claims = await self._claims(token)
        subject = claims["sub"]
        if not (0 < len(subject) <= _MAX_SUBJECT_LENGTH and subject.isprintable()):
            raise Unauthenticated("the token's subject is empty, too long or not printable")
        return Principal(f"jwt:{subject}", subject, _scopes(claims.get(self._scope_claim)))

    async def _claims(self, token: str) -> Mapping[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise Unauthenticated(f"the token's algorithm is not allowed: sign with one of {', '.join(ALGORITHMS)}")
            return self._jwt.decode(
                token,
                await self._keys.key(header.get("kid")),
                algorithms=ALGORITHMS,
                issuer=self._issuer,
                audience=self._audience,
                leeway=_LEEWAY_S,
                options={"require": _REQUIRED},
            )
        except jwt.ExpiredSignatureError as exc:
            raise Unauthenticated("the token is expired: get a new one") from exc
        except (jwt.InvalidAudienceError, jwt.InvalidIssuerError, jwt.MissingRequiredClaimError) as exc:
            raise Unauthenticated(
                "the token is not meant for this server, or lacks a claim: it needs exp, iss, aud and sub"
            ) from exc
        except (jwt.PyJWTError, ValueError, TypeError) as exc:
            raise Unauthenticated("this is neither a key nor a valid token: check that it was copied in full") from exc


def _scopes(claim: object) -> frozenset[str]:
    """Scopes out of a claim: words in a text or a list, with or without the prefix `quire:`; others are ignored."""
    words = claim.split() if isinstance(claim, str) else claim if isinstance(claim, list) else []
    return SCOPES & {word.removeprefix(_SCOPE_PREFIX) for word in words if isinstance(word, str)}
