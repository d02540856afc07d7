"""What an API key is. Its secret is known to its holder alone: here there is only a digest.

A plain SHA-256 is enough for a secret of 256 random bits: there is nothing to guess that a slower hash would
protect.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from typing import Final, Literal

from quire.access.principal import Principal

PREFIX: Final = "qk_"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret. Times are seconds since 1970, UTC.

    Attributes:
        id: the part of the key between its underscores; no secret.
        digest: SHA-256 of the secret.
    """

    id: str
    name: str
    digest: bytes = field(repr=False)
    scopes: frozenset[str]
    rate: str | None
    quota: str | None
    created_at: float
    expires_at: float | None
    revoked_at: float | None

    def state(self, now: float) -> Literal["active", "expired", "revoked"]:
        """What the key is worth at that time."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"

    def matches(self, secret: str) -> bool:
        """True if the secret is the key's; takes as long for every wrong one."""
        return compare_digest(self.digest, digest_of(secret))

    def principal(self) -> Principal:
        """Whoever holds the key."""
        return Principal(self.id, self.name, self.scopes, self.rate, self.quota)


def split_key(text: str) -> tuple[str, str] | None:
    """Id and secret of a key's text; None if it is not one."""
    key_id, separator, secret = text.removeprefix(PREFIX).partition("_")
    well_formed = text.isascii() and text.startswith(PREFIX) and separator and secret
    return (key_id, secret) if well_formed else None


def digest_of(secret: str) -> bytes:
    """What is kept of a secret, which is ASCII."""
    return sha256(secret.encode("ascii")).digest()
