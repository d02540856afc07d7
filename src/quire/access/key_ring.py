"""Checks keys without asking the file each time."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from quire.access.key_store import KeyStore
from quire.access.keys import ApiKey, split_key
from quire.access.principal import Principal
from quire.errors import Unauthenticated

_MAX_REMEMBERED: Final = 1024


class KeyRing:
    """Remembers for a few seconds what the store said, so a revoked key is refused that much later at most.

    For one event loop; the store is asked on a thread.

    Args:
        remember_s: how long an answer of the store counts.
        clock: seconds, monotonic.
        now: seconds since 1970.
    """

    def __init__(
        self,
        store: KeyStore,
        *,
        remember_s: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._remember_s = remember_s
        self._clock = clock
        self._now = now
        self._known: OrderedDict[str, tuple[ApiKey, float]] = OrderedDict()
        self._any = (False, -float("inf"))

    async def principal(self, text: str) -> Principal:
        """Whoever holds the key with this text.

        Raises:
            Unauthenticated: it is no key, or revoked, or expired.
            AccessUnavailable: the store cannot be read.
        """
        parts = split_key(text)
        key = await self._find(parts[0]) if parts else None
        if parts is None or key is None or not key.matches(parts[1]):
            raise Unauthenticated("there is no such key: check that it was copied in full")
        state = key.state(self._now())
        if state != "active":
            raise Unauthenticated(f"the key is {state}: ask the operator for another")
        return key.principal()

    async def any(self) -> bool:
        """True if a key was ever made.

        Raises:
            AccessUnavailable: the store cannot be read.
        """
        there_are, until = self._any
        if not there_are and until <= self._clock():
            there_are = await asyncio.to_thread(self._store.any)
            self._any = (there_are, self._clock() + self._remember_s)
        return there_are

    async def _find(self, key_id: str) -> ApiKey | None:
        remembered = self._known.get(key_id)
        if remembered and remembered[1] > self._clock():
            self._known.move_to_end(key_id)
            return remembered[0]
        asked_at = self._clock()
        key = await asyncio.to_thread(self._store.find, key_id)
        if key is not None:
            self._known[key_id] = (key, asked_at + self._remember_s)
            self._known.move_to_end(key_id)
            if len(self._known) > _MAX_REMEMBERED:
                self._known.popitem(last=False)
        return key
