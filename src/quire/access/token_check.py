"""What checks tokens looks like, and how one is had: the libraries for it are an extra."""

from __future__ import annotations

from typing import Protocol

from quire.access.principal import Principal
from quire.errors import CapabilityMissing


class TokenCheck(Protocol):
    """Tells from a token who asks. For one event loop."""

    async def principal(self, token: str) -> Principal:
        """Whoever the token was made for.

        Raises:
            Unauthenticated: it is malformed, not signed by the issuer, expired, or meant for another service.
            AccessUnavailable: the issuer's public keys cannot be had now.
        """
        ...

    async def aclose(self) -> None:
        """Closes what it holds open."""
        ...


def open_token_check(*, jwks_url: str, issuer: str, audience: str, scope_claim: str = "scope") -> TokenCheck:
    """A check of signed JSON Web Tokens; nothing is fetched before the first token comes.

    Args:
        jwks_url: address of the issuer's public keys (a JSON Web Key Set).
        issuer: what a token's `iss` must be.
        audience: what a token's `aud` must be or contain.
        scope_claim: the claim that lists scopes, like "read jobs" or ["quire:read"].

    Raises:
        CapabilityMissing: the libraries are not installed.
    """
    try:
        from quire.access.tokens import JwtCheck
    except ImportError as exc:
        raise CapabilityMissing("tokens need packages that are not installed: pip install 'quire-ocr[jwt]'") from exc
    return JwtCheck(jwks_url=jwks_url, issuer=issuer, audience=audience, scope_claim=scope_claim)
