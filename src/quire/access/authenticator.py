"""Credential → principal."""

from __future__ import annotations

from typing import Final, Literal

from quire.access.key_ring import KeyRing
from quire.access.keys import PREFIX
from quire.access.principal import ANYONE, Principal
from quire.access.token_check import TokenCheck
from quire.errors import Unauthenticated

AuthMode = Literal["auto", "none", "required"]
"""auto: keys are asked for once there was one, or tokens are configured; none: nobody is asked; required: always."""

_MAX_LENGTH: Final = 8192


class Authenticator:
    """Knows keys, and tokens where a check for them is given."""

    def __init__(self, keys: KeyRing, *, tokens: TokenCheck | None = None, mode: AuthMode = "auto") -> None:
        self._keys = keys
        self._tokens = tokens
        self._mode = mode

    async def asks(self) -> bool:
        """True if a credential is needed.

        Raises:
            AccessUnavailable: the keys cannot be read.
        """
        if self._mode == "auto":
            return self._tokens is not None or await self._keys.any()
        return self._mode == "required"

    async def principal(self, credential: str | None) -> Principal:
        """Whoever has this key or token; everyone where nobody is asked.

        Args:
            credential: the key or token alone, as it came; None when none came.

        Raises:
            Unauthenticated: one is needed, and none came or it is not valid.
            AccessUnavailable: it cannot be checked now.
        """
        if not await self.asks():
            return ANYONE
        if not credential:
            raise Unauthenticated("this server asks for a key: send it in the header Authorization: Bearer KEY")
        if len(credential) > _MAX_LENGTH:
            raise Unauthenticated("this is neither a key nor a token: it is too long")
        if self._tokens is None or credential.startswith(PREFIX):
            return await self._keys.principal(credential)
        return await self._tokens.principal(credential)
