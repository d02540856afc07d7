"""Who may use a server, by the settings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass

from quire.access import (
    ANYONE,
    SCOPES,
    AccessDatabase,
    Authenticator,
    KeyRing,
    KeyStore,
    PageQuotas,
    Principal,
    RateLimiter,
    open_token_check,
)
from quire.access.database import FILE_NAME
from quire.settings import Settings


@dataclass(frozen=True, slots=True)
class Access:
    """Checks and counts."""

    authenticator: Authenticator
    rates: RateLimiter
    quotas: PageQuotas
    keys: KeyStore

    async def charge(self, owner: str, pages: int) -> None:
        """Takes pages that a job reads out of its owner's quota.

        Raises:
            QuotaExceeded: there are not so many left.
            AccessUnavailable: the keys cannot be read.
        """
        await self.quotas.take(await asyncio.to_thread(self._principal, owner), pages)

    def _principal(self, owner: str) -> Principal:
        key = self.keys.find(owner) if owner else None
        if key is not None:
            return key.principal()
        return Principal(owner, owner, SCOPES) if owner else ANYONE


def asks_for_keys(settings: Settings) -> bool:
    """Whether a server with these settings asks for keys or tokens, from its start.

    Raises:
        AccessUnavailable: the keys cannot be read.
    """
    chosen = settings.access
    if chosen.auth != "auto" or chosen.jwt_jwks_url:
        return chosen.auth == "required" or (chosen.auth == "auto" and chosen.jwt_jwks_url is not None)
    path = settings.data_dir / FILE_NAME
    if not path.exists():
        return False
    with closing(AccessDatabase(path)) as database:
        return KeyStore(database).any()


@asynccontextmanager
async def open_access(settings: Settings) -> AsyncIterator[Access]:
    """The access parts, for the length of the `async with` block.

    Raises:
        InvalidOption: a setting does not fit.
        OutputError: the data folder cannot be used.
    """
    chosen = settings.access
    async with AsyncExitStack() as held:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = AccessDatabase(settings.data_dir / FILE_NAME)
        held.callback(database.close)
        keys = KeyStore(database)
        tokens = None
        if chosen.jwt_jwks_url and chosen.jwt_issuer and chosen.jwt_audience:
            tokens = open_token_check(
                jwks_url=chosen.jwt_jwks_url, issuer=chosen.jwt_issuer, audience=chosen.jwt_audience
            )
            held.push_async_callback(tokens.aclose)
        yield Access(
            Authenticator(KeyRing(keys), tokens=tokens, mode=chosen.auth),
            RateLimiter(chosen.default_rate),
            PageQuotas(database, chosen.default_quota),
            keys,
        )
