"""API keys: made, listed, revoked."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from quire.access.amounts import parse_amount
from quire.access.database import AccessDatabase
from quire.access.keys import PREFIX, ApiKey, digest_of
from quire.access.principal import SCOPES
from quire.errors import InvalidOption

_ID_BYTES: Final = 6
_SECRET_BYTES: Final = 32
_MAX_NAME_LENGTH: Final = 100

_INSERT: Final = "INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LIST: Final = "SELECT * FROM keys ORDER BY created_at, id"
_FIND: Final = "SELECT * FROM keys WHERE id = ?"
_ANY: Final = "SELECT 1 FROM keys LIMIT 1"
_REVOKE: Final = "UPDATE keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"


class KeyStore:
    """The keys of one server. Every method reads or writes the file.

    Args:
        now: seconds since 1970.
    """

    def __init__(self, database: AccessDatabase, *, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    def create(
        self,
        name: str,
        *,
        scopes: Iterable[str] = ("read", "jobs"),
        rate: str | None = None,
        quota: str | None = None,
        expires_at: float | None = None,
    ) -> tuple[ApiKey, str]:
        """A new key, and its text: `qk_ID_SECRET`, which nobody can find out again.

        Raises:
            InvalidOption: the name is empty, long or not printable, a scope unknown, an amount malformed, or the
                end in the past.
            AccessUnavailable: the file cannot be written.
        """
        now = self._now()
        secret = secrets.token_hex(_SECRET_BYTES)
        key = ApiKey(
            id=secrets.token_hex(_ID_BYTES),
            name=_checked_name(name),
            digest=digest_of(secret),
            scopes=_checked_scopes(scopes),
            rate=_checked_amount(rate),
            quota=_checked_amount(quota),
            created_at=now,
            expires_at=_checked_end(expires_at, now),
            revoked_at=None,
        )
        with self._database.transaction() as connection:
            connection.execute(_INSERT, _row(key))
        return key, f"{PREFIX}{key.id}_{secret}"

    def list(self) -> list[ApiKey]:
        """All keys, also revoked and expired ones, the oldest first.

        Raises:
            AccessUnavailable: the file cannot be read.
        """
        return [_key(row) for row in self._database.rows(_LIST)]

    def find(self, key_id: str) -> ApiKey | None:
        """The key with that id; None when there is none.

        Raises:
            AccessUnavailable: the file cannot be read.
        """
        rows = self._database.rows(_FIND, (key_id,))
        return _key(rows[0]) if rows else None

    def any(self) -> bool:
        """True if a key was ever made, whatever became of it: losing the last key must not open a server.

        Raises:
            AccessUnavailable: the file cannot be read.
        """
        return bool(self._database.rows(_ANY))

    def revoke(self, key_id: str) -> ApiKey:
        """Ends a key for good; one that is revoked already stays as it is.

        Raises:
            InvalidOption: there is no such key.
            AccessUnavailable: the file cannot be written.
        """
        with self._database.transaction() as connection:
            connection.execute(_REVOKE, (self._now(), key_id))
        key = self.find(key_id)
        if key is None:
            raise InvalidOption("no key has that id: `quire keys list` shows them")
        return key


def _row(key: ApiKey) -> tuple[Any, ...]:
    scopes = " ".join(sorted(key.scopes))
    return (
        key.id,
        key.name,
        key.digest,
        scopes,
        key.rate,
        key.quota,
        key.created_at,
        key.expires_at,
        key.revoked_at,
    )


def _key(row: tuple[Any, ...]) -> ApiKey:
    key_id, name, digest, scopes, *rest = row
    return ApiKey(key_id, name, digest, frozenset(scopes.split()), *rest)


def _checked_name(name: str) -> str:
    if not (name.strip() and name.isprintable() and len(name) <= _MAX_NAME_LENGTH):
        raise InvalidOption(f"a key's name must have 1 to {_MAX_NAME_LENGTH} printable characters")
    return name.strip()


def _checked_scopes(scopes: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(scopes)
    if not wanted or not wanted <= SCOPES:
        raise InvalidOption(f"a key needs scopes, and there are these: {', '.join(sorted(SCOPES))}")
    return wanted


def _checked_amount(text: str | None) -> str | None:
    if text is not None:
        parse_amount(text)
    return text


def _checked_end(expires_at: float | None, now: float) -> float | None:
    if expires_at is not None and expires_at <= now:
        raise InvalidOption("a key cannot expire in the past: name a later time")
    return expires_at
